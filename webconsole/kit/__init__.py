"""What a phone takes along over HTTP: the crew's service worker, its manifest, tiles and names."""
