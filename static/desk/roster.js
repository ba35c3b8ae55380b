/*
 * The rosters by mouse and keyboard. A stretch is chosen by days in the month, by days or hours in
 * the week: dragging, or arrow keys with Shift. It stands in the form beside; Enter or letting go
 * leads there. A click chooses one day, Escape takes back what was not let go yet.
 * Times are minutes of the Beijing clock since 1970, whatever the clock of the browser says.
 */
(function () {
  "use strict";
  var form = document.querySelector("[data-stretch]");
  if (!form) { return; }
  var DAY = 1440, HOUR = 60, SLACK = 4;
  var words = document.querySelector("[data-chosen-words]");
  var place = document.getElementById("stretch");
  var home = place.parentNode;
  var narrow = window.matchMedia("(max-width: 991.98px)");
  var opened = Date.now();
  var begun = minuteOf(form.dataset.soonest);
  var first = { starts_at: form.elements.starts_at.value, ends_at: form.elements.ends_at.value };
  var chosen = null, anchor = null, head = null, drag = null, swallow = false;

  function all(from, selector) { return Array.prototype.slice.call(from.querySelectorAll(selector)); }
  function minuteOf(text) { return Date.parse(text.slice(0, 16) + (text.length > 10 ? "Z" : "T00:00Z")) / 60000; }
  function stamp(minute) { return new Date(minute * 60000).toISOString().slice(0, 16); }
  function soonest() { return begun + Math.floor((Date.now() - opened) / 60000); }
  function dayOf(link) { return minuteOf(link.dataset.day); }
  function wholeDay(link) { return { from: dayOf(link), to: dayOf(link) + DAY }; }
  function joined(one, other) { return { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) }; }

  /* What is chosen, in words: days without times when whole days are meant. */
  function told(span) {
    var whole = span.from % DAY === 0 && span.to % DAY === 0;
    var start = stamp(span.from).replace("T", " "), end = stamp(whole ? span.to - DAY : span.to).replace("T", " ");
    if (whole) { start = start.slice(0, 10); end = end.slice(0, 10); return start === end ? start : start + " – " + end; }
    if (start.slice(0, 10) === end.slice(0, 10)) { end = end.slice(11); }
    return start + " – " + end;
  }

  function Grid(root) {
    this.root = root;
    this.days = all(root, "[data-day]");
    this.rows = all(root, "[data-row]");
    this.low = Number(root.dataset.low || 0) * HOUR;
    this.high = Number(root.dataset.high || 24) * HOUR;
    this.perRow = this.rows.length ? 1 : 7;
  }
  Grid.prototype.hours = function () { return this.rows.length > 0 && Boolean(this.root.querySelector("[data-lanes]")); };
  /* The day or the hour under the pointer; null outside. In the week the dates stand for days. */
  Grid.prototype.spanAt = function (event, byDay) {
    var hit = document.elementFromPoint(event.clientX, event.clientY);
    if (!hit || !this.root.contains(hit)) { return null; }
    var line = hit.closest("[data-row], [data-week]");
    if (!line) { return null; }
    if (line.hasAttribute("data-week")) {
      var week = line.getBoundingClientRect();
      var column = Math.max(0, Math.min(6, Math.floor((event.clientX - week.left) / week.width * 7)));
      return wholeDay(line.querySelectorAll("[data-day]")[column]);
    }
    var day = minuteOf(line.dataset.row);
    var lanes = line.querySelector("[data-lanes]");
    if (byDay || !lanes) { return { from: day, to: day + DAY }; }
    var box = lanes.getBoundingClientRect();
    var hours = (this.high - this.low) / HOUR;
    var hour = Math.max(0, Math.min(hours - 1, Math.floor((event.clientX - box.left) / box.width * hours)));
    return { from: day + this.low + hour * HOUR, to: day + this.low + (hour + 1) * HOUR };
  };
  Grid.prototype.startsByDay = function (event) {
    var row = event.target.closest("[data-row]");
    var lanes = row && row.querySelector("[data-lanes]");
    return !lanes || event.clientX < lanes.getBoundingClientRect().left;
  };
  Grid.prototype.show = function (span) {
    var low = this.low, high = this.high;
    this.days.forEach(function (link) {
      var day = dayOf(link);
      link.classList.toggle("is-chosen", Boolean(span) && day < span.to && day + DAY > span.from);
    });
    this.rows.forEach(function (row) {
      var mark = row.querySelector("[data-chosen]");
      if (!mark) { return; }
      var day = minuteOf(row.dataset.row);
      var from = span ? Math.max(span.from - day, low) : 0, to = span ? Math.min(span.to - day, high) : 0;
      mark.setAttribute("x", Math.max(0, from - low) * 100 / (high - low) + "%");
      mark.setAttribute("width", Math.max(0, to - from) * 100 / (high - low) + "%");
    });
  };
  var grids = all(document, "[data-month-grid], [data-rows]").map(function (root) { return new Grid(root); });

  function show(span) {
    grids.forEach(function (grid) { grid.show(span); });
    words.textContent = span ? (span.to <= soonest() ? words.dataset.over : words.dataset.chosenWords + " " + told(span)) : "";
  }
  /* The stretch becomes the form's. What is over stays on record and is not offered. */
  function take(span) {
    chosen = span;
    show(span);
    if (span.to <= soonest()) { return false; }
    form.elements.starts_at.value = stamp(Math.max(span.from, soonest()));
    form.elements.ends_at.value = stamp(span.to);
    return true;
  }
  function forget() {
    chosen = anchor = head = null;
    show(null);
    form.elements.starts_at.value = first.starts_at;
    form.elements.ends_at.value = first.ends_at;
  }
  /* On narrow screens the form opens right under the day, elsewhere it stands beside the days. */
  function open(row) {
    if (narrow.matches && row) { row.appendChild(place); } else if (place.parentNode !== home) { home.appendChild(place); }
    if (narrow.matches) { (row || place).scrollIntoView({ block: "start" }); }
    form.elements.primary.focus({ preventScroll: narrow.matches });
  }
  function rowOf(target) { return target && target.closest ? target.closest("[data-row]") : null; }

  /* The mouse */
  function abandon() {
    if (!drag) { return; }
    var before = drag.before;
    drag = null;
    swallow = true;
    show(before);
  }
  grids.forEach(function (grid) {
    all(grid.root, "a").forEach(function (link) { link.draggable = false; });
    grid.root.addEventListener("pointerdown", function (event) {
      swallow = false;
      if (event.button !== 0 || event.pointerType === "touch" || (place.contains(event.target))) { return; }
      var byDay = grid.startsByDay(event);
      var span = grid.spanAt(event, byDay);
      if (!span) { return; }
      drag = {
        grid: grid, byDay: byDay, from: event.shiftKey && anchor ? anchor : span, to: span,
        x: event.clientX, y: event.clientY, moved: false, before: chosen, row: rowOf(event.target)
      };
    });
    grid.root.addEventListener("click", function (event) {
      if (swallow) { swallow = false; event.preventDefault(); return; }
      if (event.ctrlKey || event.metaKey || place.contains(event.target)) { return; }
      if (event.target.closest("a, button") && !event.target.closest("[data-day]")) { return; }
      var link = event.target.closest("[data-day]");
      var span = link ? wholeDay(link) : grid.spanAt(event, true);
      if (!span) { return; }
      event.preventDefault();
      if (event.shiftKey && anchor) { span = joined(anchor, span); } else { anchor = span; }
      head = span;
      if (take(span)) { open(rowOf(event.target)); }
    });
    grid.root.addEventListener("keydown", function (event) { keys(grid, event); });
  });
  document.addEventListener("pointermove", function (event) {
    if (!drag) { return; }
    if (event.buttons === 0) { abandon(); return; }
    if (!drag.moved && Math.abs(event.clientX - drag.x) < SLACK && Math.abs(event.clientY - drag.y) < SLACK) { return; }
    drag.moved = true;
    drag.to = drag.grid.spanAt(event, drag.byDay) || drag.to;
    show(joined(drag.from, drag.to));
  });
  document.addEventListener("pointerup", function () {
    var done = drag;
    drag = null;
    /* The click that ends a drag comes right after this; the next one is meant. */
    window.setTimeout(function () { swallow = false; }, 0);
    if (!done || !done.moved) { return; }
    swallow = true;
    anchor = done.from;
    head = done.to;
    if (take(joined(done.from, done.to))) { open(done.row); }
  });
  document.addEventListener("pointercancel", abandon);
  window.addEventListener("blur", abandon);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { abandon(); } });

  /* The keyboard. A day has the focus; ``head`` is the day or hour that the next key starts from. */
  function beyond(grid, key, span) {
    var start = key === "ArrowRight" || key === "End" ? span.to + grid.low : span.from - DAY + grid.high - HOUR;
    return { from: start, to: start + HOUR };
  }
  function moved(grid, key, here, wider) {
    var day = wholeDay(here), hourly = grid.hours();
    var byHour = head && head.to - head.from === HOUR;
    if (hourly && /^(ArrowLeft|ArrowRight|Home|End)$/.test(key)) {
      var start = byHour ? head.from : null;
      /* From a whole day on Shift goes beyond its edges, otherwise the first key goes into it. */
      if (wider && head && !byHour) { return beyond(grid, key, head); }
      var opens = (start === null ? day.from : start - start % DAY) + grid.low;
      var closes = opens - grid.low + grid.high;
      if (key === "Home" || (key === "ArrowRight" && start === null)) { start = opens; }
      else if (key === "End" || (key === "ArrowLeft" && start === null)) { start = closes - HOUR; }
      else if (key === "ArrowRight") { start = start + HOUR < closes ? start + HOUR : opens + DAY; }
      else { start = start > opens ? start - HOUR : closes - HOUR - DAY; }
      return { from: start, to: start + HOUR };
    }
    var index = grid.days.indexOf(here) % grid.perRow;
    var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -grid.perRow, ArrowDown: grid.perRow, Home: -index, End: grid.perRow - 1 - index }[key];
    if (step === undefined) { return null; }
    var from = hourly && byHour ? head : day;
    return { from: from.from + step * DAY, to: from.to + step * DAY };
  }
  function keys(grid, event) {
    var here = event.target.closest("[data-day]");
    if (!here || event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (event.key === "Escape") { if (chosen && !drag) { forget(); } return; }
    /* After Tab or the mouse the keys start from the day that has the focus. */
    if (!head || head.from < dayOf(here) || head.from >= dayOf(here) + DAY) {
      head = null;
      if (event.shiftKey) { anchor = null; }
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (take(chosen && here.classList.contains("is-chosen") ? chosen : wholeDay(here))) { open(rowOf(here)); }
      return;
    }
    var there = moved(grid, event.key, here, event.shiftKey);
    if (!there) { return; }
    event.preventDefault();
    var link = grid.days.filter(function (day) { return dayOf(day) <= there.from && there.from < dayOf(day) + DAY; })[0];
    if (!link) {
      var leave = document.querySelector(there.from < dayOf(grid.days[0]) ? "a[rel=prev]" : "a[rel=next]");
      if (leave && !event.shiftKey) { leave.focus(); }
      return;
    }
    if (!event.shiftKey) { anchor = there; } else if (!anchor) { anchor = head || (there.to - there.from === HOUR ? there : wholeDay(here)); }
    head = there;
    take(joined(anchor, there));
    link.focus();
  }

  narrow.addListener(function () { if (!narrow.matches) { home.appendChild(place); } });
  /* After the browser itself has gone to the address, which takes the focus along. */
  window.addEventListener("load", function () {
    window.setTimeout(function () {
      var wrong = document.querySelector("main .is-invalid, main [aria-invalid=true]");
      if (wrong) { wrong.focus(); } else if (window.location.hash === "#stretch") { open(null); }
    }, 0);
  });
})();
