/* The call console: choosing the caller with the arrow keys, the timer, results by number. */
(function () {
  "use strict";
  var form = document.querySelector("[data-console]");
  if (!form) { return; }
  var loadedAt = Date.now();

  /* --- caller: arrows move, Enter takes, Escape closes ------------------------------------- */
  var box = document.getElementById("lookup-q");
  var list = document.getElementById("lookup-results");
  function hits() { return Array.prototype.slice.call(list.querySelectorAll(".hit")); }
  function chosen() { return list.querySelector(".hit[aria-selected=true]"); }
  function select(hit) {
    hits().forEach(function (each) { each.setAttribute("aria-selected", String(each === hit)); });
    box.setAttribute("aria-activedescendant", hit ? hit.id : "");
    if (hit) { hit.scrollIntoView({ block: "nearest" }); }
  }
  function close() {
    list.textContent = "";
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-activedescendant", "");
  }
  function move(step) {
    var all = hits();
    if (all.length) { select(all[(all.indexOf(chosen()) + step + all.length) % all.length]); }
  }
  if (box && list) {
    box.addEventListener("keydown", function (event) {
      if (event.isComposing || event.keyCode === 229) { return; }
      if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && !event.ctrlKey) {
        var hit = chosen() || hits()[0];
        if (hit) { event.preventDefault(); hit.click(); }
      }
    });
    list.addEventListener("htmx:afterSwap", function () {
      box.setAttribute("aria-expanded", String(hits().length > 0));
      select(hits()[0] || null);
    });
    document.addEventListener("click", function (event) {
      if (!event.target.closest("[data-lookup]")) { close(); }
    });
  }
  function offerLinks() {
    form.querySelectorAll("[data-link]").forEach(function (button) { button.hidden = false; });
  }
  offerLinks();
  /* Once the caller stands there, go on with the first thing that is still to be said. */
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id !== "caller-card") { return; }
    if (box) { box.value = ""; close(); }
    offerLinks();
    var next = ["id_caller_name", "id_caller_phone", "id_question"].map(function (id) {
      return document.getElementById(id);
    }).filter(function (field) { return field && !field.value.trim(); })[0];
    (next || document.getElementById("id_question")).focus();
  });
  /* A name typed over the account's own is another caller. */
  form.addEventListener("input", function (event) {
    var account = document.getElementById("id_caller");
    if (event.target.id === "id_caller_name" && account) { account.value = ""; }
  });

  /* --- timer: from the opening of the page, or from the first key after a quiet minute -------- */
  var face = form.querySelector("[data-timer]");
  var field = document.getElementById("id_started_at");
  var starter = form.querySelector("[data-timer-start]");
  var running = face.hasAttribute("data-running");
  function serverNow() { return Number(face.dataset.now) * 1000 + (Date.now() - loadedAt); }
  function begin() {
    field.value = new Date(serverNow()).toISOString().replace(/\.\d+Z$/, "Z");
    running = true;
    tick();
  }
  function pad(number) { return (number < 10 ? "0" : "") + number; }
  function tick() {
    var seconds = Math.max(0, Math.floor((serverNow() - Date.parse(field.value)) / 1000));
    var hours = Math.floor(seconds / 3600);
    face.textContent = (hours ? hours + ":" : "") + pad(Math.floor(seconds / 60) % 60) + ":" + pad(seconds % 60);
    face.classList.toggle("is-waiting", !running);
  }
  if (starter) { starter.hidden = false; starter.addEventListener("click", begin); }
  document.addEventListener("input", function (event) {
    if (running || !event.target.closest("[data-console], [data-lookup]")) { return; }
    if (Date.now() - loadedAt > 60000) { begin(); }
    running = true;
  });
  tick();
  window.setInterval(tick, 1000);

  /* --- results: Alt+1…7 everywhere (1…7 outside of fields is data-key) ------------------------ */
  document.addEventListener("keydown", function (event) {
    var digit = /^(?:Digit|Numpad)([1-7])$/.exec(event.code || "");
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey) { return; }
    var radio = form.querySelectorAll("[name=result]")[Number(digit[1]) - 1];
    if (radio) { event.preventDefault(); radio.click(); firstOf(radio.value); }
  });
  function only(attribute, value) {
    form.querySelectorAll("[" + attribute + "]").forEach(function (part) {
      part.hidden = part.getAttribute(attribute).split(" ").indexOf(value) < 0;
    });
  }
  function show() {
    var result = form.querySelector("[name=result]:checked");
    only("data-when-result", result ? result.value : "");
    var channel = document.getElementById("id_channel");
    if (channel) { only("data-when-channel", channel.value); }
  }
  /* After a key: to the first empty field this result asks for. */
  function firstOf(value) {
    var parts = Array.prototype.filter.call(form.querySelectorAll("[data-when-result]"), function (part) { return !part.hidden; });
    var empty = parts.length ? parts[0].querySelector("textarea, input, select") : null;
    if (!empty && value === "solved") { empty = document.getElementById("id_answer"); }
    if (empty && !empty.value.trim() || empty && empty.type === "checkbox") { empty.focus(); }
  }
  form.addEventListener("change", show);
  show();

  /* --- an answer taken over brings its system and category along ------------------------------ */
  document.addEventListener("click", function (event) {
    var taken = event.target.closest("[data-system]");
    var system = document.getElementById("id_managed_object");
    if (!taken) { return; }
    var article = document.getElementById("id_knowledge");
    var named = document.querySelector("[data-knowledge-named]");
    if (article) { article.value = taken.getAttribute("data-knowledge") || ""; }
    if (named) { named.textContent = article.value; named.parentNode.hidden = !article.value; }
    if (!system || system.value || !taken.getAttribute("data-system")) { return; }
    system.value = taken.getAttribute("data-system");
    document.getElementById("id_category").value = taken.getAttribute("data-category");
  });

  /* --- an open record of the unit: one press links the call to it ----------------------------- */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-link]");
    if (!button) { return; }
    var result = form.querySelector("[name=result][value=supplement]");
    if (!form.querySelector("[name=result][value=repeated]").checked) { result.click(); }
    document.getElementById("id_linked").value = button.getAttribute("data-link");
    document.getElementById("id_linked").focus();
  });
  /* After errors: to the first one. */
  var wrong = form.querySelector(".is-invalid");
  if (wrong) { wrong.focus(); }
  else if (!box) { document.getElementById("id_answer").focus(); }
})();
