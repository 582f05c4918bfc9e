// Lets a browser prove its work while the form is filled in, and waits with sending until it has.
// Loaded as it is, for old phones; without it a code comes by SMS.
(function () {
  "use strict";
  var form = document.getElementById("report");
  var send = document.getElementById("send");
  if (!form || !window.Worker) return;
  var waiting = false;
  var solved = false;
  var worker = new Worker(form.getAttribute("data-work"));
  function letGo() {
    solved = true;
    if (waiting) form.submit();
  }
  worker.onmessage = function (event) {
    document.getElementById("challenge").value = form.getAttribute("data-challenge");
    document.getElementById("solution").value = event.data;
    worker.terminate();
    letGo();
  };
  worker.onerror = letGo;
  worker.postMessage(form.getAttribute("data-challenge"));
  form.addEventListener("submit", function (event) {
    if (solved) return;
    event.preventDefault();
    waiting = true;
    send.disabled = true;
    send.textContent = send.getAttribute("data-wait");
  });
})();
