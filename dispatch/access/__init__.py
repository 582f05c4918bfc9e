"""Who may do what, and who may know what: permissions and privacy. Pure rules."""
