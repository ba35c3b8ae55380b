/* Words are never lost: long fields of form[data-draft] are kept in this browser while typing. */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;
  var KEEP_DAYS = 14;
  var PREFIX = "desk-draft:";
  var SENT = "desk-draft-sent";

  function store() {
    try { window.localStorage.getItem("x"); return window.localStorage; } catch (e) { return null; }
  }
  var box = store();
  var person = document.body.getAttribute("data-person") || "";

  function keyOf(form) { return PREFIX + person + ":" + (form.getAttribute("data-draft") || window.location.pathname); }
  function kept(field) {
    return field.name && field.name !== "csrfmiddlewaretoken" && !field.hasAttribute("data-no-draft") &&
      (field.tagName === "TEXTAREA" || field.tagName === "SELECT" ||
        /^(text|search|tel|email|url|number|date|datetime-local|)$/.test(field.type || "") ||
        ((field.type === "checkbox" || field.type === "radio") && form_wants_all(field)));
  }
  function form_wants_all(field) { return field.form && field.form.hasAttribute("data-draft-all"); }
  function value(field) {
    return field.type === "checkbox" || field.type === "radio" ? (field.checked ? "1" : "") : field.value;
  }
  function slot(field) {
    return field.type === "checkbox" || field.type === "radio" ? field.name + "=" + field.value : field.name;
  }
  function fields(form) { return Array.prototype.filter.call(form.elements, kept); }

  function save(form) {
    if (!box) { return; }
    var values = {};
    var any = false;
    fields(form).forEach(function (field) {
      if (value(field) !== field.deskFirst) { values[slot(field)] = value(field); any = true; }
    });
    try {
      if (any) {
        box.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: values }));
        mark(form);
      } else { box.removeItem(keyOf(form)); }
    } catch (e) { /* the store is full: typing must go on */ }
  }
  function mark(form) {
    var place = form.querySelector("[data-draft-state]");
    if (place) { place.textContent = words.saved; }
  }
  function note(form, restored) {
    var line = document.createElement("p");
    line.className = "draft-note";
    line.setAttribute("role", "status");
    line.appendChild(document.createTextNode(words.restored + " "));
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = words.discard;
    button.addEventListener("click", function () {
      restored.forEach(function (field) {
        if (field.type === "checkbox" || field.type === "radio") { field.checked = field.deskFirst === "1"; }
        else { field.value = field.deskFirst; }
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      box.removeItem(keyOf(form));
      line.remove();
    });
    line.appendChild(button);
    var first = restored[0];
    var block = first.closest(".field") || first;
    block.parentNode.insertBefore(line, block);
  }
  function restore(form) {
    var text = box && box.getItem(keyOf(form));
    if (!text) { return; }
    var draft;
    try { draft = JSON.parse(text); } catch (e) { box.removeItem(keyOf(form)); return; }
    if (Date.now() - draft.at > KEEP_DAYS * 86400000) { box.removeItem(keyOf(form)); return; }
    var restored = fields(form).filter(function (field) {
      var before = draft.values[slot(field)];
      if (before === undefined || before === value(field)) { return false; }
      if (field.type === "checkbox" || field.type === "radio") { field.checked = before === "1"; }
      else { field.value = before; }
      return true;
    });
    if (restored.length) { note(form, restored); }
  }
  function begin(form) {
    if (form.deskDraft) { return; }
    form.deskDraft = true;
    /* What the server gave back after an error is the person's own newest text: it wins. */
    fields(form).forEach(function (field) { field.deskFirst = value(field); });
    if (!form.querySelector(".is-invalid, .errorlist") && !form.hasAttribute("data-draft-fresh")) { restore(form); }
    var timer = 0;
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { save(form); }, 400);
    });
    form.addEventListener("change", function () { save(form); });
    form.addEventListener("submit", function () {
      save(form);
      try { window.sessionStorage.setItem(SENT, keyOf(form)); } catch (e) { /* private window */ }
    });
  }
  function clear(marker) {
    if (!box) { return; }
    var name = marker.split(":").slice(1).join(":");
    try {
      var key = name ? PREFIX + person + ":" + name : window.sessionStorage.getItem(SENT);
      if (key) { box.removeItem(key); }
      window.sessionStorage.removeItem(SENT);
    } catch (e) { /* nothing kept */ }
  }
  function start(root) {
    root.querySelectorAll("[data-clear-draft]").forEach(function (element) {
      clear(element.getAttribute("data-clear-draft"));
    });
    root.querySelectorAll("form[data-draft]").forEach(begin);
    if (root.matches && root.matches("form[data-draft]")) { begin(root); }
  }
  start(document);
  document.addEventListener("htmx:load", function (event) { start(event.target); });
  window.deskDrafts = {
    saveAll: function () { document.querySelectorAll("form[data-draft]").forEach(save); },
    /* Forms whose words would be lost on leaving: changed, and no draft is kept for them. */
    unsaved: function () {
      return Array.prototype.some.call(document.querySelectorAll("form[method=post]:not([data-draft])"), function (form) {
        return Array.prototype.some.call(form.querySelectorAll("textarea"), function (area) {
          return area.value.trim() && area.value !== area.defaultValue;
        });
      });
    },
  };
})();
