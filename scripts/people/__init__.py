"""Commands for people: accounts, crews, stations, how orders can end, the first administrator."""
