"""Administration pages: one frame for all subjects, and their tables in and out."""
