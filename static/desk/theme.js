/* Loaded before the styles, so that a dark page never flashes white. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var system = window.matchMedia ? window.matchMedia("(prefers-color-scheme: dark)") : null;

  function read() {
    try { return window.localStorage.getItem("desk-theme") || "auto"; } catch (e) { return "auto"; }
  }
  function apply(choice) {
    var dark = choice === "dark" || (choice === "auto" && system && system.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
    root.setAttribute("data-theme-choice", choice);
  }
  apply(read());
  if (system && system.addEventListener) {
    system.addEventListener("change", function () { apply(read()); });
  }
  /* Internet Explorer and compatibility modes can't show the product: say so instead of failing. */
  var tooOld = !!document.documentMode || !window.CSS || !CSS.supports("color", "var(--x)");
  if (tooOld) {
    document.addEventListener("DOMContentLoaded", function () {
      var note = document.getElementById("old-browser");
      if (note) { note.removeAttribute("hidden"); }
    });
  }
  window.deskTheme = {
    read: read,
    choose: function (choice) {
      try { window.localStorage.setItem("desk-theme", choice); } catch (e) { /* private window */ }
      apply(choice);
    },
  };
})();
