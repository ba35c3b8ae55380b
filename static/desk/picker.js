/* Attachments: several files, dropped files, pasted screenshots, small pictures of each. */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;
  var canCollect = typeof DataTransfer === "function" && (function () {
    try { return !!new DataTransfer().items; } catch (e) { return false; }
  })();

  function stamp() {
    var now = new Date();
    function pad(n) { return (n < 10 ? "0" : "") + n; }
    return "" + now.getFullYear() + pad(now.getMonth() + 1) + pad(now.getDate()) + "-" +
      pad(now.getHours()) + pad(now.getMinutes()) + pad(now.getSeconds());
  }
  function size(bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }
  function begin(picker) {
    if (picker.deskPicker) { return; }
    picker.deskPicker = true;
    var input = picker.querySelector("input[type=file]");
    var list = picker.querySelector("[data-picker-files]");
    var files = [];

    function show() {
      if (canCollect) {
        var transfer = new DataTransfer();
        files.forEach(function (file) { transfer.items.add(file); });
        input.files = transfer.files;
      }
      list.textContent = "";
      files.forEach(function (file, index) {
        var row = document.createElement("li");
        if (/^image\//.test(file.type)) {
          var picture = document.createElement("img");
          picture.alt = "";
          picture.src = URL.createObjectURL(file);
          picture.addEventListener("load", function () { URL.revokeObjectURL(picture.src); });
          row.appendChild(picture);
        }
        var name = document.createElement("span");
        name.className = "file-name";
        name.textContent = file.name + " · " + size(file.size);
        row.appendChild(name);
        if (canCollect) {
          var remove = document.createElement("button");
          remove.type = "button";
          remove.className = "btn btn-sm btn-ghost";
          remove.textContent = words.remove;
          remove.setAttribute("aria-label", words.remove + " " + file.name);
          remove.addEventListener("click", function () { files.splice(index, 1); show(); input.focus(); });
          row.appendChild(remove);
        }
        list.appendChild(row);
      });
    }
    function add(more) {
      Array.prototype.forEach.call(more, function (file) {
        var same = files.some(function (old) { return old.name === file.name && old.size === file.size && old.lastModified === file.lastModified; });
        if (!same) { files.push(file); }
      });
      show();
    }
    input.addEventListener("change", function () {
      if (!canCollect) { files = Array.prototype.slice.call(input.files); show(); return; }
      add(input.files);
    });
    if (!canCollect) { return; }
    ["dragover", "dragenter"].forEach(function (name) {
      picker.addEventListener(name, function (event) { event.preventDefault(); picker.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      picker.addEventListener(name, function () { picker.classList.remove("is-over"); });
    });
    picker.addEventListener("drop", function (event) { event.preventDefault(); add(event.dataTransfer.files); });
    /* A screenshot may be pasted anywhere in the form. */
    (picker.closest("form") || picker).addEventListener("paste", function (event) {
      var items = event.clipboardData ? event.clipboardData.items : [];
      var pictures = Array.prototype.filter.call(items, function (item) { return item.kind === "file"; });
      if (!pictures.length) { return; }
      event.preventDefault();
      add(pictures.map(function (item) {
        var file = item.getAsFile();
        var kind = (file.type.split("/")[1] || "png").replace("jpeg", "jpg");
        return /^image\//.test(file.type) ? new File([file], words.pasted + "-" + stamp() + "." + kind, { type: file.type }) : file;
      }));
    });
  }
  function start(root) { root.querySelectorAll("[data-picker]").forEach(begin); }
  start(document);
  document.addEventListener("htmx:load", function (event) { start(event.target); });
})();
