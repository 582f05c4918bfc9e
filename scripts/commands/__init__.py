"""The commands of `nearcrew`, one module for each subject."""
