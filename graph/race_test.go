//go:build race

package graph_test

// slowdown is how much slower everything may be under the race detector.
const slowdown = 10
