/* The simulated phone: asks for its screen every second, rings, reads aloud, presses keys. */
(function () {
  "use strict";
  var place = document.getElementById("phone-screen");
  if (!place || !window.fetch) { return; }
  var url = place.dataset.phone;
  var title = document.title;
  var headers = { "X-Requested-With": "phone", "X-Poll": "1" };
  var busy = false;
  var stopped = false;

  function screen() { return place.querySelector(".screen"); }
  function mode() { var now = screen(); return now ? now.dataset.mode : "off"; }

  /* --- sound: browsers want a gesture before they let a page make any ----------------------- */
  var audio = null;
  var soundButton = document.querySelector("[data-phone-sound]");
  function soundReady() { return audio && audio.state === "running"; }
  function showSound() {
    if (!soundButton || !soundReady()) { return; }
    soundButton.querySelector("span").textContent = soundButton.dataset.on;
    soundButton.disabled = true;
  }
  function wake() {
    var Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) { return; }
    audio = audio || new Context();
    if (audio.state === "suspended") { audio.resume().then(showSound); } else { showSound(); }
  }
  if (soundButton && (window.AudioContext || window.webkitAudioContext)) { soundButton.hidden = false; }
  ["pointerdown", "keydown"].forEach(function (name) { document.addEventListener(name, wake); });

  function tone(frequency, start, length, volume) {
    var oscillator = audio.createOscillator();
    var gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.02);
    gain.gain.setValueAtTime(volume, start + length - 0.04);
    gain.gain.linearRampToValueAtTime(0, start + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + length);
  }
  function ring() {
    if (mode() !== "ringing") { return; }
    if (soundReady()) {
      var at = audio.currentTime;
      for (var beat = 0; beat < 8; beat += 1) { tone(beat % 2 ? 960 : 770, at + beat * 0.11, 0.1, 0.16); }
    }
    /* Only after a gesture, as with sound. */
    if (audio && navigator.vibrate) { try { navigator.vibrate([400, 200, 400]); } catch (error) { /* not here */ } }
  }
  window.setInterval(ring, 2000);

  /* --- speech -------------------------------------------------------------------------------- */
  var spoken = "";
  function speak(now) {
    if (!window.speechSynthesis) { return; }
    if (now.dataset.mode !== "talking" && now.dataset.mode !== "over") { window.speechSynthesis.cancel(); return; }
    var words = now.querySelector("[data-words]");
    var stamp = now.dataset.stamp;
    if (!words || stamp === spoken) { return; }
    spoken = stamp;
    var speech = new window.SpeechSynthesisUtterance(words.textContent.trim());
    speech.lang = words.lang === "en" ? "en-US" : "zh-CN";
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(speech);
  }

  function announce(now) {
    document.title = now.dataset.mode === "ringing" ? "☎ " + place.dataset.ring : title;
    speak(now);
  }

  /* --- the screen ---------------------------------------------------------------------------- */
  function show(html) {
    var holder = document.createElement("div");
    holder.innerHTML = html;
    var next = holder.querySelector(".screen");
    var before = screen();
    if (!next || (before && before.dataset.stamp === next.dataset.stamp)) { return; }
    var focused = place.contains(document.activeElement);
    var digit = focused && document.activeElement.value;
    place.textContent = "";
    place.appendChild(next);
    announce(next);
    if (next.dataset.mode === "ringing" && (!before || before.dataset.mode !== "ringing")) { ring(); }
    if (focused) {
      var same = digit && next.querySelector('button[value="' + digit + '"]');
      var target = same || next.querySelector(".round-yes, .key-round, .round");
      if (target) { target.focus(); }
    }
  }
  function off(words) {
    place.textContent = "";
    var box = document.createElement("div");
    box.className = "phone-off";
    box.setAttribute("role", "alert");
    box.textContent = words;
    place.appendChild(box);
  }
  function take(response) {
    if (response.redirected && place.dataset.login) {
      /* An act needs a log-in; the ringing itself does not. */
      stopped = true;
      window.location.assign(place.dataset.login);
      return null;
    }
    if (response.redirected || response.status === 204 || response.status === 404) {
      stopped = true;
      off(place.dataset.off);
      return null;
    }
    if (!response.ok) { throw new Error(String(response.status)); }
    return response.text().then(show);
  }
  function ask() {
    if (busy || stopped) { return; }
    busy = true;
    fetch(url, { headers: headers, credentials: "same-origin", cache: "no-store" })
      .then(take)
      .catch(function () { off(place.dataset.silent); })
      .then(function () { busy = false; });
  }
  window.setInterval(ask, 1000);

  /* Acts go the same way; without this script they are plain forms. */
  place.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    wake();
    var form = event.target;
    var data = new FormData(form);
    var button = event.submitter || document.activeElement;
    if (button && button.name) { data.append(button.name, button.value); }
    if (button && button.value && soundReady()) { tone(880, audio.currentTime, 0.12, 0.1); }
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "phone" } })
      .then(take)
      .catch(function () { off(place.dataset.silent); });
  });
  if (screen()) { announce(screen()); }
})();
