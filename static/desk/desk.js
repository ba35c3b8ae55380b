/* The frame: navigation drawer, theme, keys, polling, what to say when the server is silent. */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;

  /* --- drawer ---------------------------------------------------------------------------- */
  var rail = document.getElementById("rail");
  var veil = null;
  function drawer(open) {
    rail.classList.toggle("is-open", open);
    document.querySelectorAll("[data-toggle=rail]").forEach(function (button) {
      button.setAttribute("aria-expanded", String(open));
    });
    if (open) {
      veil = document.createElement("div");
      veil.className = "veil";
      veil.addEventListener("click", function () { drawer(false); });
      document.body.appendChild(veil);
      var first = rail.querySelector("a");
      if (first) { first.focus(); }
    } else if (veil) { veil.remove(); veil = null; }
  }
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest("[data-toggle=rail]");
    if (toggle && rail) { event.preventDefault(); drawer(!rail.classList.contains("is-open")); }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });

  /* --- theme ----------------------------------------------------------------------------- */
  var order = ["auto", "light", "dark"];
  document.querySelectorAll("[data-theme-switch]").forEach(function (button) {
    function say() {
      var name = button.dataset[window.deskTheme.read()];
      button.querySelector("[data-theme-name]").textContent = name;
      button.title = name;
    }
    button.hidden = false;
    say();
    button.addEventListener("click", function () {
      var next = order[(order.indexOf(window.deskTheme.read()) + 1) % order.length];
      window.deskTheme.choose(next);
      say();
    });
  });

  /* --- keys: data-key="n" or "Ctrl+Enter"; plain keys only outside of fields ---------------- */
  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }
  function nameOf(event) {
    return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") +
      (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) { return; }
    if (event.key === "Escape") {
      if (rail && rail.classList.contains("is-open")) { drawer(false); }
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      });
      return;
    }
    var pressed = nameOf(event);
    if (pressed.length === 1 && typing(event.target)) { return; }
    if (document.querySelector("dialog[open]") && !event.target.closest("dialog")) { return; }
    var found = Array.prototype.filter.call(document.querySelectorAll("[data-key]"), function (element) {
      var key = element.getAttribute("data-key");
      return (key.length === 1 ? key.toLowerCase() : key) === pressed && element.offsetParent !== null && !element.disabled;
    })[0];
    if (!found) { return; }
    event.preventDefault();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(found.tagName) && !/^(checkbox|radio)$/.test(found.type)) { found.focus(); found.select && found.select(); }
    else { found.click(); }
  });

  /* --- htmx ------------------------------------------------------------------------------ */
  var running = 0;
  var bar = document.getElementById("loading");
  function loading(step) {
    running = Math.max(0, running + step);
    if (bar) { bar.hidden = running === 0; }
  }
  function polled(event) { return event.detail && event.detail.elt && event.detail.elt.hasAttribute("data-poll"); }
  document.addEventListener("htmx:configRequest", function (event) {
    /* The session counts people's acts; a page that refreshes itself is not one. */
    if (polled(event)) { event.detail.headers["X-Poll"] = "1"; }
  });
  document.addEventListener("htmx:beforeRequest", function (event) { if (!polled(event)) { loading(1); } });
  document.addEventListener("htmx:afterSwap", function (event) {
    /* A part that came back with nothing but white space is empty: no red dot for zero messages. */
    var part = event.detail.target;
    if (part && part.hasAttribute("data-poll") && !part.children.length && !part.textContent.trim()) { part.textContent = ""; }
  });
  document.addEventListener("htmx:afterRequest", function (event) { if (!polled(event)) { loading(-1); } });
  function say(text) {
    var place = document.getElementById("messages");
    if (!place) { return; }
    var line = document.createElement("div");
    line.className = "flash tone-late";
    line.setAttribute("role", "alert");
    var paragraph = document.createElement("p");
    paragraph.textContent = text;
    line.appendChild(paragraph);
    place.textContent = "";
    place.appendChild(line);
    line.scrollIntoView({ block: "nearest" });
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function (event) { if (!polled(event)) { say(words.offline); } });
  });

  /* --- polling: an element with data-poll="seconds" gets the event desk:refresh ------------- */
  function poll(element) {
    if (element.deskPoll) { return; }
    element.deskPoll = true;
    var seconds = Number(element.getAttribute("data-poll")) || 60;
    window.setInterval(function () {
      if (!document.hidden && document.contains(element) && window.htmx) {
        window.htmx.trigger(element, "desk:refresh");
      }
    }, seconds * 1000);
  }
  function start(root) {
    root.querySelectorAll("[data-poll]").forEach(poll);
    if (root.matches && root.matches("[data-poll]")) { poll(root); }
    root.querySelectorAll("[data-print]").forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
    root.querySelectorAll("[data-back]").forEach(function (button) {
      button.hidden = window.history.length < 2;
      button.addEventListener("click", function () { window.history.back(); });
    });
    root.querySelectorAll("form [data-submit-on-change]").forEach(function (field) {
      field.addEventListener("change", function () {
        if (field.form.requestSubmit) { field.form.requestSubmit(); } else { field.form.submit(); }
      });
    });
  }
  /* A table wider than its frame must be scrollable by keyboard. */
  function scrollers() {
    document.querySelectorAll(".table-wrap, .tabs").forEach(function (wrap) {
      if (wrap.scrollWidth > wrap.clientWidth + 1) { wrap.setAttribute("tabindex", "0"); } else { wrap.removeAttribute("tabindex"); }
    });
  }
  /* On a telephone the tab one is on may lie beyond the edge. */
  function bringTabs() {
    document.querySelectorAll(".tabs").forEach(function (wrap) {
      var here = wrap.querySelector("[aria-current]");
      if (!here || wrap.scrollWidth <= wrap.clientWidth) { return; }
      var away = here.getBoundingClientRect().left - wrap.getBoundingClientRect().left;
      wrap.scrollLeft += away - (wrap.clientWidth - here.offsetWidth) / 2;
    });
  }
  start(document);
  scrollers();
  bringTabs();
  window.addEventListener("resize", scrollers);
  document.addEventListener("htmx:load", function (event) { start(event.target); scrollers(); });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden || !window.htmx) { return; }
    document.querySelectorAll("[data-poll]").forEach(function (element) { window.htmx.trigger(element, "desk:refresh"); });
  });
})();
