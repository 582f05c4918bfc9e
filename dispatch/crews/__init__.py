"""Crews: who they are, their duty, their stations and the queue of their orders."""
