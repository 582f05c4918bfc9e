"""The way of an order, as the API tells it; see `dispatch.ways`."""
