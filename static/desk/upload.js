/* Forms with files say how far the sending is. Without this script they are sent as ever. */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;
  if (typeof FormData !== "function" || !new XMLHttpRequest().upload) { return; }

  function withFiles(form) {
    return Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (input) {
      return input.files && input.files.length;
    });
  }
  function line(form) {
    var old = form.querySelector("[data-upload]");
    if (old) { old.remove(); }
    var place = document.createElement("p");
    place.className = "upload";
    place.setAttribute("data-upload", "");
    var bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", words.sending);
    var text = document.createElement("span");
    text.className = "num";
    text.setAttribute("role", "status");
    place.appendChild(bar);
    place.appendChild(text);
    var picker = form.querySelector("[data-picker]");
    (picker || form).appendChild(place);
    return { bar: bar, text: text };
  }
  function say(shown, percent) {
    shown.bar.value = percent;
    /* A screen reader hears three steps, not a hundred. */
    var step = percent < 100 ? words.sending : words.checking;
    shown.bar.setAttribute("aria-valuetext", percent + "%");
    if (shown.text.textContent !== step) { shown.text.textContent = step; }
  }
  function failed(form, shown) {
    shown.bar.remove();
    shown.text.textContent = words.offline;
    window.deskForms.release(form);
  }
  /* The answer of a form that was not taken: its main part takes the place of ours. */
  function show(form, request) {
    var answer = new DOMParser().parseFromString(request.responseText, "text/html");
    var main = answer.getElementById("main");
    var ours = document.getElementById("main");
    if (!main || !ours || !window.htmx) { form.submit(); return; }
    window.history.replaceState(null, "", request.responseURL || window.location.href);
    document.title = answer.title;
    ours.replaceWith(main);
    window.htmx.process(main);
    window.htmx.trigger(main, "htmx:load");
    window.scrollTo(0, 0);
    main.focus();
  }
  function send(form, submitter) {
    var address = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || window.location.href;
    var data = new FormData(form);
    if (submitter && submitter.name) { data.append(submitter.name, submitter.value); }
    var shown = line(form);
    var request = new XMLHttpRequest();
    say(shown, 0);
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) { say(shown, Math.floor(event.loaded * 100 / event.total)); }
    });
    request.upload.addEventListener("load", function () { say(shown, 100); });
    request.addEventListener("error", function () { failed(form, shown); });
    request.addEventListener("load", function () {
      var next = request.getResponseHeader("Upload-Next");
      if (next) { window.location.assign(next); } else if (request.status >= 500) { failed(form, shown); } else { show(form, request); }
    });
    request.open("POST", address);
    request.setRequestHeader("Upload-Progress", "1");
    request.send(data);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.getAttribute("enctype") !== "multipart/form-data" || !withFiles(form)) { return; }
    event.preventDefault();
    var active = document.activeElement;
    send(form, event.submitter || (active && active.form === form && active.type === "submit" ? active : null));
  });
})();
