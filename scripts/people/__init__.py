"""Commands for people: accounts and their passwords, crews, stations, the first administrator."""
