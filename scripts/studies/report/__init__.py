"""What a study writes: GeoPackage, CSV, PNG and one HTML page that opens without internet.

Door: `report`.
"""
