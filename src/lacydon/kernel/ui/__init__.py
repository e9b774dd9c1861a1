"""The design system: components, css, icons, maps drawn as SVG."""
