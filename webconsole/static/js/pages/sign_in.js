// The sign-in page: a click on a demo account fills in the form.
const username = document.getElementById("username");
const password = document.getElementById("password");

for (const button of document.querySelectorAll("[data-demo-account]")) {
  button.addEventListener("click", () => {
    username.value = button.dataset.demoAccount;
    password.value = document.querySelector("[data-demo-password]")?.textContent.trim() ?? "";
    password.form.querySelector("button[type=submit]").focus();
  });
}
