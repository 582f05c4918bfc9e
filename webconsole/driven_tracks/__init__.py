"""What crews drove: routes over `dispatch.driven_tracks.service`."""
