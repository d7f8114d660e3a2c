// The sound of a change. No page may make a noise before somebody pressed something, so a person
// turns it on; the words stand on the board whether it is on or not.
(function () {
  "use strict";
  var button = document.getElementById("sound");
  var Audio = window.AudioContext || window.webkitAudioContext;
  var context = null;
  var AGAIN_MS = 15000; // while a change is not seen by anybody

  function beep(at, high) {
    var tone = context.createOscillator();
    var gain = context.createGain();
    tone.frequency.value = high;
    gain.gain.setValueAtTime(0.25, context.currentTime + at);
    gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.28);
    tone.connect(gain);
    gain.connect(context.destination);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + at + 0.3);
  }

  function play() {
    if (!context) { return; }
    button.setAttribute("data-sounded", Number(button.getAttribute("data-sounded") || 0) + 1);
    if (context.state === "suspended") { context.resume(); }
    beep(0, 880);
    beep(0.35, 660);
  }

  function show() {
    button.textContent = context ? "Sound is on" : "Turn sound on";
    button.setAttribute("aria-pressed", context ? "true" : "false");
  }

  function unseen() {
    return document.querySelector("#changes .unseen") !== null;
  }

  if (!Audio) { return; }
  button.hidden = false;
  button.addEventListener("click", function () {
    if (context) { context.close(); context = null; show(); return; }
    context = new Audio();
    show();
    play(); // so that whoever turned it on hears that it works
  });
  document.addEventListener("wardlight-change", play);
  window.setInterval(function () { if (unseen()) { play(); } }, AGAIN_MS);
}());
