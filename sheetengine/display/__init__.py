"""Displays: grids, pictures, trees and traces as text, HTML and SVG. Pure: values in, strings out."""
