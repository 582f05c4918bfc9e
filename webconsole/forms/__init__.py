"""Forms, measurements, result codes and parts over HTTP."""
