// Says how things stand between this tablet and the server, in the chrome of every page: the pill,
// the count beside "My entries", a wrong clock, and that a page is the copy kept here.
(function () {
  "use strict";
  var SKEW_MS = 2 * 60 * 1000;
  var link = document.getElementById("link");
  var counter = document.getElementById("my-entries-count");
  var lines = {};

  function put(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; } // said once
  }

  function clock(ms) {
    var at = new Date(ms);
    return ("0" + at.getHours()).slice(-2) + ":" + ("0" + at.getMinutes()).slice(-2);
  }

  function entries(count) {
    return count === 1 ? "1 entry" : count + " entries";
  }

  // --- the pill ---------------------------------------------------------------------------

  function words(state, counts) {
    var waiting = counts.waiting;
    if (!state.reached) {
      return waiting
        ? "\u25B2 Server not reachable \u2013 " + waiting
          + " saved on this tablet, will send by themselves"
        : "\u25B2 Server not reachable \u2013 ages keep growing";
    }
    if (waiting && state.asks) { return "Sign in again to send " + waiting; }
    if (waiting) { return "\u25B2 Connected \u2013 sending " + waiting; }
    return "\u2713 Connected \u2013 everything sent";
  }

  function show(state, counts) {
    var needs = counts.parked + counts.told;
    if (state.reached === null && !counts.waiting) { return; } // not asked yet
    if (state.reached === null) { state = { reached: false }; }
    put(link, words(state, counts) + (needs ? " \u00b7 " + entries(needs) + " needs you" : ""));
    if (link) { link.className = state.reached && !counts.waiting && !needs ? "link" : "link bad"; }
    put(counter, String(counts.waiting + needs));
  }

  // --- lines under the chrome -------------------------------------------------------------

  function line(name, text) {
    if (!text && !lines[name]) { return; }
    if (!lines[name]) {
      lines[name] = document.createElement("p");
      lines[name].id = "outbox-" + name;
      lines[name].className = "alarm";
      lines[name].setAttribute("role", "status");
      var chrome = document.querySelector("header.chrome") || document.body;
      chrome.appendChild(lines[name]);
    }
    put(lines[name], text);
    lines[name].hidden = !text;
  }

  function skewed(skew) {
    // The time of a simulation goes at a speed of its own.
    if (document.documentElement.hasAttribute("data-simulated")) { return ""; }
    if (skew === null || Math.abs(skew) <= SKEW_MS) { return ""; }
    return "This tablet's clock is " + Math.round(Math.abs(skew) / 60000) + " min "
      + (skew > 0 ? "ahead of" : "behind") + " the server's. Check every time you write; "
      + "have the clock set.";
  }

  function keptPage() {
    var at = Number(document.documentElement.getAttribute("data-kept"));
    return at ? "The server did not answer: this page is the copy kept on this tablet at "
      + clock(at) + "." : "";
  }

  document.addEventListener("wardlight-outbox", function (event) {
    var told = event.detail;
    if (!told.counts) {
      line("unkept", "READ ONLY: this browser keeps nothing. Use paper forms, or another tablet.");
      return;
    }
    line("unkept", "");
    show(told.state, told.counts);
    line("clock", skewed(told.state.skew));
  });
  document.addEventListener("wardlight-fresh", function () { line("kept", ""); });
  line("kept", keptPage());

  window.wardlight.link = { clock: clock, entries: entries, put: put };
}());
