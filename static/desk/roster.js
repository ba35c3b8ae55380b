/* The month grid: arrow keys move between days, Shift or dragging selects, Enter fills the form. */
(function () {
  "use strict";
  var grid = document.querySelector("[data-month-grid]");
  var form = document.querySelector("[data-stretch]");
  if (!grid) { return; }
  var days = Array.prototype.slice.call(grid.querySelectorAll("[data-day]"));
  var anchor = -1;
  var dragging = false;

  function pad(n) { return (n < 10 ? "0" : "") + n; }
  function minute(at) {
    return at.getFullYear() + "-" + pad(at.getMonth() + 1) + "-" + pad(at.getDate()) + "T" + pad(at.getHours()) + ":" + pad(at.getMinutes());
  }
  /* Days are Beijing days; the clock of the browser is shifted to Beijing's. */
  function beijingNow() {
    var now = new Date();
    return new Date(now.getTime() + (now.getTimezoneOffset() + 480) * 60000 + 60000);
  }
  function choose(from, to) {
    var first = Math.min(from, to), last = Math.max(from, to);
    days.forEach(function (day, index) { day.classList.toggle("is-chosen", index >= first && index <= last); });
    if (!form) { return; }
    var end = new Date(days[last].dataset.day + "T00:00");
    end.setDate(end.getDate() + 1);
    var start = days[first].dataset.day + "T00:00";
    var soonest = minute(beijingNow());
    form.elements.starts_at.value = start < soonest ? soonest : start;
    form.elements.ends_at.value = minute(end);
  }
  function fill() {
    if (!form) { return; }
    form.scrollIntoView({ block: "nearest" });
    form.elements.primary.focus();
  }
  function indexAt(event) {
    var hit = document.elementFromPoint(event.clientX, event.clientY);
    var link = hit && hit.closest ? hit.closest("[data-day]") : null;
    if (link) { return days.indexOf(link); }
    var week = hit && hit.closest ? hit.closest("[data-week]") : null;
    if (!week) { return -1; }
    var box = week.getBoundingClientRect();
    var column = Math.max(0, Math.min(6, Math.floor((event.clientX - box.left) / box.width * 7)));
    return days.indexOf(week.querySelectorAll("[data-day]")[column]);
  }

  grid.addEventListener("keydown", function (event) {
    var here = days.indexOf(document.activeElement);
    var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (here < 0) { return; }
    if (event.key === "Enter" && form) {
      event.preventDefault();
      if (!days[here].classList.contains("is-chosen")) { choose(here, here); }
      fill();
      return;
    }
    if (event.key === "Home") { step = -(here % 7); }
    if (event.key === "End") { step = 6 - (here % 7); }
    if (step === undefined) { return; }
    event.preventDefault();
    var there = here + step;
    if (there < 0 || there >= days.length) {
      var leave = document.querySelector(there < 0 ? "a[rel=prev]" : "a[rel=next]");
      if (leave && !event.shiftKey) { leave.focus(); }
      return;
    }
    if (event.shiftKey) {
      if (anchor < 0) { anchor = here; }
      choose(anchor, there);
    } else {
      anchor = there;
      choose(there, there);
    }
    days[there].focus();
  });
  if (!form) { return; }
  days.forEach(function (day) { day.draggable = false; });
  grid.addEventListener("pointerdown", function (event) {
    if (event.button !== 0 || event.pointerType === "touch") { return; }
    var index = indexAt(event);
    if (index < 0) { return; }
    dragging = true;
    if (!event.shiftKey || anchor < 0) { anchor = index; }
    choose(anchor, index);
  });
  grid.addEventListener("pointermove", function (event) {
    if (!dragging) { return; }
    var index = indexAt(event);
    if (index >= 0) { choose(anchor, index); }
  });
  document.addEventListener("pointerup", function () {
    if (!dragging) { return; }
    dragging = false;
    fill();
  });
  grid.addEventListener("click", function (event) {
    if (event.target.closest("[data-day]") && !event.ctrlKey && !event.metaKey) { event.preventDefault(); }
  });
})();
