// Whether this device would keep working with the server away, in one word with its reasons:
// READY: pages open again and entries are kept. READY WHILE OPEN: entries are kept, pages are not.
// READ ONLY: nothing can be kept here. It says so to the server, too. Plain ES2017.
(function () {
  "use strict";
  var sending = window.wardlight.sending;
  var store = window.wardlight.store;
  var LOOK_MS = 60 * 1000;
  var TELL_MS = 5 * 60 * 1000;
  var SKEW_MS = 2 * 60 * 1000;
  var ROOM_BYTES = 50 * 1000 * 1000;
  var chip = document.getElementById("station-word");
  var told = { at: 0, what: "" };
  var compared = false; // this clock with the server's

  // --- what can be found out --------------------------------------------------------------

  function keeps() {
    return store.note("station", Date.now()).then(function () { return true; },
      function () { return false; });
  }

  function worker() {
    if (!navigator.serviceWorker) { return Promise.resolve(false); }
    return navigator.serviceWorker.getRegistration().then(function (found) {
      return Boolean(found && found.active);
    }, function () { return false; });
  }

  function room() {
    if (!navigator.storage || !navigator.storage.estimate) { return Promise.resolve(null); }
    return navigator.storage.estimate().then(function (found) { return found.quota - found.usage; },
      function () { return null; });
  }

  // An iPad says it is a Mac; no Mac has a touch screen.
  function isApple() {
    var agent = navigator.userAgent;
    return /iPad|iPhone|iPod/.test(agent)
      || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  }

  function isOnHomeScreen() {
    return Boolean(navigator.standalone)
      || window.matchMedia("(display-mode: standalone)").matches;
  }

  // --- the word -----------------------------------------------------------------------------

  function reasons(kept, works, left) {
    var skew = sending.state.skew;
    var found = [];
    if (!kept) { found.push("keeps-nothing"); }
    if (!window.isSecureContext) { found.push("insecure"); }
    else if (!works) { found.push("no-worker"); }
    if (isApple() && !isOnHomeScreen()) { found.push("home-screen"); }
    if (skew !== null && Math.abs(skew) > SKEW_MS) { found.push("clock"); }
    if (left !== null && left < ROOM_BYTES) { found.push("room"); }
    return found;
  }

  function word(because) {
    function has(reason) { return because.indexOf(reason) >= 0; }
    if (has("keeps-nothing")) { return "READ ONLY"; }
    return has("insecure") || has("no-worker") || has("home-screen") ? "READY WHILE OPEN" : "READY";
  }

  function look() {
    return Promise.all([keeps(), worker(), room()]).then(function (found) {
      var because = reasons(found[0], found[1], found[2]);
      return { word: word(because), because: because };
    });
  }

  // --- on the page --------------------------------------------------------------------------

  function put(id, text) {
    var place = document.getElementById(id);
    if (place && place.textContent !== text) { place.textContent = text; }
  }

  function clock(skew) {
    if (skew === null) { return "not compared yet"; }
    return Math.round(Math.abs(skew) / 1000) + " s " + (skew < 0 ? "behind" : "ahead of")
      + " the server's";
  }

  function show(found, counts) {
    if (chip) {
      put("station-word", found.word);
      chip.hidden = false;
      chip.classList.toggle("station-unready", found.word !== "READY");
    }
    put("station-says", found.word);
    document.querySelectorAll("[data-word]").forEach(function (one) {
      one.hidden = one.getAttribute("data-word") !== found.word;
    });
    document.querySelectorAll("[data-because]").forEach(function (one) {
      one.hidden = found.because.indexOf(one.getAttribute("data-because")) < 0;
    });
    put("station-waiting", counts ? String(counts.waiting) : "not known");
    put("station-clock", clock(sending.state.skew));
    put("station-browser", navigator.userAgent);
  }

  // --- to the server ------------------------------------------------------------------------

  function report(found, counts) {
    var what = found.word + found.because.join();
    if (what === told.what && Date.now() - told.at < TELL_MS) { return null; }
    return window.fetch("/station/report", {
      method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error",
      headers: { "Content-Type": "application/json", "x-wardlight-refresh": "1" },
      body: JSON.stringify({
        word: found.word, because: found.because, browser: navigator.userAgent.slice(0, 300),
        skew: sending.state.skew, waiting: counts ? counts.waiting : 0,
        needs: counts ? counts.parked + counts.told : 0,
        opened_away: window.wardlight.lock ? window.wardlight.lock.openedAway() : 0
      })
    }).then(function (answer) {
      if (answer.status === 204) { told = { at: Date.now(), what: what }; }
    }, function () { return null; }); // the server is away: the next look
  }

  function again() {
    return Promise.all([look(), store.counts().catch(function () { return null; })])
      .then(function (found) {
        show(found[0], found[1]);
        return chip ? report(found[0], found[1]) : null;
      });
  }

  window.setInterval(again, LOOK_MS);
  window.setTimeout(again, 3000); // the worker may need a moment to come up
  if (navigator.serviceWorker) { navigator.serviceWorker.addEventListener("controllerchange", again); }
  document.addEventListener("wardlight-outbox", function () {
    if (!compared && sending.state.skew !== null) { compared = true; again(); }
  });
  window.wardlight.station = { look: look, again: again };
  again();
}());
