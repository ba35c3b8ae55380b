/* Forms: no sending in the middle of a Chinese word, no sending twice, confirmation in words. */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;

  /* Enter that ends an input-method word must not send the form (keyCode 229: older Chromium). */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) { event.stopPropagation(); return; }
    var inArea = event.target.tagName === "TEXTAREA";
    if (event.key === "Enter" && inArea && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      var form = event.target.form;
      if (form.requestSubmit) { form.requestSubmit(); } else { clickFirst(form); }
    }
  }, true);
  var composing = false;
  document.addEventListener("compositionstart", function () { composing = true; });
  document.addEventListener("compositionend", function () { window.setTimeout(function () { composing = false; }, 0); });

  function clickFirst(form) {
    var button = form.querySelector("button[type=submit], button:not([type])");
    if (button) { button.click(); }
  }

  /* A dialog in the product's own look; resolves to true or false. */
  function ask(text, done) {
    var sheet = document.createElement("dialog");
    if (!sheet.showModal) { done(window.confirm(text)); return; }
    sheet.className = "sheet";
    sheet.setAttribute("aria-label", words.sure);
    var body = document.createElement("div");
    body.className = "sheet-body";
    var line = document.createElement("p");
    line.textContent = text;
    var acts = document.createElement("div");
    acts.className = "form-acts";
    var no = document.createElement("button");
    var yes = document.createElement("button");
    no.type = yes.type = "button";
    no.className = "btn";
    yes.className = "btn btn-primary";
    no.textContent = words.no;
    yes.textContent = words.yes;
    acts.appendChild(no);
    acts.appendChild(yes);
    body.appendChild(line);
    body.appendChild(acts);
    sheet.appendChild(body);
    document.body.appendChild(sheet);
    function close(answer) { sheet.close(); sheet.remove(); done(answer); }
    no.addEventListener("click", function () { close(false); });
    yes.addEventListener("click", function () { close(true); });
    sheet.addEventListener("cancel", function (event) { event.preventDefault(); close(false); });
    sheet.showModal();
    yes.focus();
  }

  function busy(form, submitter) {
    form.deskSent = true;
    window.setTimeout(function () {
      form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
        button.disabled = true;
        if (button === submitter) { button.classList.add("is-busy"); button.setAttribute("aria-label", words.busy); }
      });
    }, 0);
  }
  function release(form) {
    form.deskSent = false;
    form.querySelectorAll("button[disabled]").forEach(function (button) {
      if (button.classList.contains("is-busy")) { button.removeAttribute("aria-label"); }
      button.classList.remove("is-busy");
      button.disabled = false;
    });
  }
  window.deskForms = { release: release };

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (composing || form.deskSent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    var submitter = event.submitter || document.activeElement;
    var text = (submitter && submitter.getAttribute && submitter.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
    var keeps = form.hasAttribute("data-keeps-drafts");
    if (keeps && window.deskDrafts) {
      window.deskDrafts.saveAll();
      if (window.deskDrafts.unsaved()) { text = words.leave; }
    }
    if (text && !form.deskSure) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(text, function (yes) {
        if (!yes) { return; }
        form.deskSure = true;
        if (form.requestSubmit && submitter && submitter.form === form) { form.requestSubmit(submitter); }
        else { clickFirst(form); }
      });
      return;
    }
    form.deskSure = false;
    if ((form.getAttribute("method") || "get").toLowerCase() === "post" && !isHtmx(form)) { busy(form, submitter); }
  }, true);
  function isHtmx(form) { return form.hasAttribute("hx-post") || form.hasAttribute("hx-put") || form.hasAttribute("data-hx-post"); }

  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = event.detail.elt;
    if (form.tagName === "FORM") { busy(form, null); }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (form.tagName === "FORM") { window.setTimeout(function () { release(form); }, 10); }
  });
  /* Back button: the browser shows the page as it was left, with its buttons switched off. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form").forEach(function (form) { if (form.deskSent) { release(form); } });
  });

  /* Dialogs and small switches, for every page. */
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-dialog]");
    if (opener) {
      var sheet = document.getElementById(opener.getAttribute("data-dialog"));
      if (sheet) { if (sheet.showModal) { sheet.showModal(); } else { sheet.setAttribute("open", ""); } }
      return;
    }
    var closer = event.target.closest("[data-close-dialog]");
    if (closer) {
      var open = closer.closest("dialog");
      if (open.close) { open.close(); } else { open.removeAttribute("open"); }
      return;
    }
    var dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { dismiss.closest(".flash").remove(); return; }
    /* A greyed act does nothing: its reason is in its name and on the page. */
    if (event.target.closest("[aria-disabled=true]")) { event.preventDefault(); return; }
    /* Sets of words to put into a field: <button data-phrase="…" data-for="id_opinion">. */
    var phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      var field = document.getElementById(phrase.getAttribute("data-for"));
      if (field) {
        /* At the cursor; in an empty field simply as its text. */
        var words = phrase.getAttribute("data-phrase");
        var from = field.selectionStart == null ? field.value.length : field.selectionStart;
        var till = field.selectionEnd == null ? from : field.selectionEnd;
        field.value = field.value.slice(0, from) + words + field.value.slice(till);
        field.focus();
        field.setSelectionRange(from + words.length, from + words.length);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      return;
    }
    /* Rows of values to put into a form: <button data-fill='{"id_username": "…"}'>. */
    var filler = event.target.closest("[data-fill]");
    if (filler) {
      var values = JSON.parse(filler.getAttribute("data-fill"));
      var last = null;
      Object.keys(values).forEach(function (id) {
        last = document.getElementById(id);
        if (last) { last.value = values[id]; }
      });
      if (last && last.form) { var go = last.form.querySelector("[type=submit]"); if (go) { go.focus(); go.scrollIntoView({ block: "nearest" }); } }
    }
  });

  /* One box for all boxes of a name: <input type="checkbox" data-checks="line" hidden>. Without
     scripts it stays hidden. Also in a main part that has taken the place of another. */
  function boxesOf(all) {
    return Array.prototype.filter.call((all.form || document).querySelectorAll("input[type=checkbox]"), function (box) {
      return box.name === all.getAttribute("data-checks");
    });
  }
  function showChecks() {
    document.querySelectorAll("[data-checks]").forEach(function (all) {
      var boxes = boxesOf(all);
      var on = boxes.filter(function (box) { return box.checked; }).length;
      all.hidden = boxes.length < 2;
      all.checked = on === boxes.length;
      all.indeterminate = on > 0 && on < boxes.length;
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.type !== "checkbox") { return; }
    if (event.target.hasAttribute("data-checks")) {
      boxesOf(event.target).forEach(function (box) { box.checked = event.target.checked; });
    }
    showChecks();
  });
  document.addEventListener("htmx:load", showChecks);
  window.addEventListener("pageshow", showChecks);
  showChecks();
})();
