"""What closing one street does to the first arrivals from some posts, for each street.

Door: `single_closures`, through `routing.router.Router.single_closures`.
"""
