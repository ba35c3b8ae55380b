/* Deadlines count down from the server's clock, not from the computer's (bank PCs are often off). */
(function () {
  "use strict";
  var words = (document.getElementById("desk-words") || { dataset: {} }).dataset;
  var loadedAt = Date.now();

  function pad(number) { return (number < 10 ? "0" : "") + number; }
  function fill(pattern, values) {
    return String(pattern || "").replace(/\{(\w+)\}/g, function (all, name) { return values[name]; });
  }
  /* Server time now: the time written into the page plus what passed since it was shown. */
  function serverNow(element) {
    if (!element.deskShownAt) { element.deskShownAt = loadedAt; }
    return Number(element.dataset.now) + (Date.now() - element.deskShownAt);
  }
  function hoursMinutes(ms, hourSeconds) {
    var minutes = Math.floor(ms * 60 / (hourSeconds * 1000));
    return fill(words.hm, { hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) });
  }
  function face(ms, hourSeconds) {
    var seconds = Math.floor(ms * 3.6 / hourSeconds);
    var hours = Math.floor(seconds / 3600);
    return (hours ? hours + ":" : "") + pad(Math.floor(seconds / 60) % 60) + ":" + pad(seconds % 60);
  }
  function set(element, selector, text) {
    var target = element.querySelector(selector);
    if (target && target.textContent !== text) { target.textContent = text; }
  }
  function tick(element) {
    var now = serverNow(element);
    var due = Number(element.dataset.due);
    var hour = Number(element.dataset.hour) || 3600;
    var left = due - now;
    var kind = left < 0 ? "late" : now >= Number(element.dataset.warn) ? "warn" : "ok";
    var big = element.hasAttribute("data-big");
    var base = big ? "countdown" : "deadline";
    if (!element.classList.contains(base + "-" + kind)) {
      element.className = base + " " + base + "-" + kind;
      set(element, ".deadline-word", words[kind]);
    }
    if (big) {
      set(element, ".countdown-face", (left < 0 ? "+" : "") + face(Math.abs(left), hour));
    } else {
      set(element, ".deadline-time",
        fill(left < 0 ? words.over : words.left, { time: hoursMinutes(Math.abs(left), hour) }));
    }
  }
  function since(element) {
    var minutes = Math.floor((Date.now() / 1000 - Number(element.dataset.since)) / 60);
    if (minutes < 0) { return; }
    var text = minutes >= 1440
      ? fill(words.dh, { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24 })
      : minutes >= 60
        ? fill(words.hm, { hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) })
        : minutes ? fill(words.min, { minutes: minutes }) : words.moment;
    if (element.textContent !== text) { element.textContent = text; }
  }
  function all() {
    if (document.hidden) { return; }
    document.querySelectorAll("[data-deadline]").forEach(tick);
  }
  function slow() {
    if (!document.hidden) { document.querySelectorAll("[data-since]").forEach(since); }
  }
  document.addEventListener("htmx:load", function (event) {
    if (event.target === document.body) { return; }
    var found = event.target.querySelectorAll ? event.target.querySelectorAll("[data-deadline]") : [];
    found.forEach(function (element) { element.deskShownAt = Date.now(); });
    if (event.target.matches && event.target.matches("[data-deadline]")) { event.target.deskShownAt = Date.now(); }
  });
  document.addEventListener("visibilitychange", all);
  all();
  window.setInterval(all, 1000);
  window.setInterval(slow, 30000);
})();
