"""Pictures of the map: projections, the raster, where labels go. Coast and browser map belong here too, later."""
