/** A style sheet that comes along with a component; the build gathers them. */
declare module '*.css';
