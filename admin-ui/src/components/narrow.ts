/** Under this width of the window, a phone's, there is no room for columns side by side: for media queries. */
export const narrow = '(max-width: 640px)';
