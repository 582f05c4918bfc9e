"""The faces: dispatcher console, crew page, HTTP API and live stream."""
