/* Colleagues for what is typed after @ in a field with data-mentions="/address/". */
(function () {
  "use strict";
  var box = null, field = null, start = -1, chosen = 0, people = [], timer = null;

  function close() {
    if (box) { box.remove(); box = null; }
    if (field) { field.removeAttribute("aria-activedescendant"); field.removeAttribute("aria-controls"); }
    people = [];
  }

  function begun(target) {
    var before = target.value.slice(0, target.selectionStart);
    var found = before.match(/(^|[^\w.])@([^\s@()()]{1,20})$/);
    if (!found) { return null; }
    start = before.length - found[2].length;
    return found[2];
  }

  function mark() {
    Array.prototype.forEach.call(box.children, function (row, place) {
      row.setAttribute("aria-selected", place === chosen ? "true" : "false");
    });
    field.setAttribute("aria-activedescendant", "mention-" + chosen);
  }

  function take(place) {
    var person = people[place];
    var words = person.name + "(" + person.staff_no + ") ";
    var end = field.selectionStart;
    field.value = field.value.slice(0, start) + words + field.value.slice(end);
    field.setSelectionRange(start + words.length, start + words.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  }

  function show(found) {
    close();
    people = found;
    if (!people.length) { return; }
    box = document.createElement("ul");
    box.className = "mentions";
    box.id = "mentions";
    box.setAttribute("role", "listbox");
    people.forEach(function (person, place) {
      var row = document.createElement("li");
      row.id = "mention-" + place;
      row.setAttribute("role", "option");
      row.textContent = person.name + " " + person.staff_no + " · " + person.roles;
      row.addEventListener("mousedown", function (event) { event.preventDefault(); take(place); });
      box.appendChild(row);
    });
    field.insertAdjacentElement("afterend", box);
    field.setAttribute("aria-controls", "mentions");
    chosen = 0;
    mark();
  }

  document.addEventListener("input", function (event) {
    if (!event.target.matches || !event.target.matches("[data-mentions]") || event.isComposing) { return; }
    field = event.target;
    var words = begun(field);
    window.clearTimeout(timer);
    if (!words) { close(); return; }
    timer = window.setTimeout(function () {
      fetch(field.getAttribute("data-mentions") + "?q=" + encodeURIComponent(words), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : { people: [] }; })
        .then(function (answer) { show(answer.people); }, close);
    }, 150);
  });

  document.addEventListener("keydown", function (event) {
    if (!box || event.target !== field || event.isComposing) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : people.length - 1)) % people.length;
      mark();
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(chosen);
      event.preventDefault();
    } else if (event.key === "Escape") {
      close();
      event.preventDefault();
    }
  }, true);

  document.addEventListener("focusout", function (event) { if (event.target === field) { window.setTimeout(close, 100); } });
})();
