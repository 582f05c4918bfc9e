"""Printable reports of orders: over HTTP, and behind the links that customers are sent."""
