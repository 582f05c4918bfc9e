"""The long-running processes: web workers, job workers, and the processes beside them."""
