"""Position reports: rules for fixes, storage, tracks."""
