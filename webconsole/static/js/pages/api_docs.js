// The API documentation page: swagger-ui with our own server and our own description.
/* global SwaggerUIBundle */
const target = document.getElementById("api-docs");

window.addEventListener("load", () => {
  SwaggerUIBundle({
    domNode: target,
    url: target.dataset.openapi,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null, // the default asks a server on the internet
  });
});
