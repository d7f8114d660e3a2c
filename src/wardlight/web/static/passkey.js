// Signs in with a passkey, and makes one: the browser and the key talk, the server only compares.
(function () {
  "use strict";
  var box = document.getElementById("passkey");
  if (!box || !window.PublicKeyCredential || !navigator.credentials || !window.isSecureContext) {
    return;
  }
  var button = box.querySelector("button");
  var said = box.querySelector("[role=alert]");

  function bytes(text) {
    var plain = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return window.btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (one) {
      return Object.assign({}, one, { id: bytes(one.id) });
    });
  }

  function post(path, content) {
    return window.fetch(path, {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "content-type": "application/json" }, body: JSON.stringify(content)
    }).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { throw new Error(told.because); }
        return told;
      });
    });
  }

  function asked(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = known(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  }

  function packed(key) {
    var from = key.response;
    var response = { clientDataJSON: text(from.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (from[name]) { response[name] = text(from[name]); }
    });
    return { id: key.id, rawId: text(key.rawId), type: key.type, response: response,
      clientExtensionResults: {} };
  }

  function go() {
    said.textContent = "";
    button.disabled = true;
    var ticket = "";
    post(box.getAttribute("data-begin"), {}).then(function (told) {
      ticket = told.ticket;
      return asked(told.options);
    }).then(function (key) {
      return post(box.getAttribute("data-end"), {
        ticket: ticket, credential: packed(key), next: box.getAttribute("data-next") || "/"
      });
    }).then(function (told) {
      window.location.assign(told.next);
    }).catch(function (error) {
      button.disabled = false;
      // Browsers say NotAllowedError for everything somebody stopped or let run out.
      said.textContent = error.name === "Error" ? error.message
        : "No passkey was used. Try again, or take another way below.";
    });
  }

  button.addEventListener("click", go);
  box.hidden = false;
}());
