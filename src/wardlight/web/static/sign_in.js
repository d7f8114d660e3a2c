// A badge reader types the number and Enter: that leads to the PIN, and its sixth digit signs in.
(function () {
  "use strict";
  var badge = document.getElementById("badge");
  var pin = document.getElementById("pin");
  if (!badge || !pin || badge.form.getAttribute("action") !== "/sign-in") { return; }
  badge.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !badge.value.trim()) { return; }
    event.preventDefault();
    pin.focus();
  });
  pin.addEventListener("input", function () {
    if (/^[0-9]{6}$/.test(pin.value) && badge.value.trim() && !pin.form.hasAttribute("data-sent")) {
      pin.form.setAttribute("data-sent", "");
      pin.form.submit();
    }
  });
}());
