package origin

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestADeviceIsSaidInWords(t *testing.T) {
	for userAgent, want := range map[string]string{
		"": "",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                         "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iOS",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                   "Safari on macOS",
		"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36":                   "Chrome on Android",
		"curl/8.5.0":                         "curl",
		"python-requests/2.32.3":             "python-requests",
		"billing-export/4.1 (build 77)":      "billing-export",
		"Mozilla/5.0":                        "Mozilla/5.0",
		"  ":                                 "",
		"A program (without product/version": "A",
	} {
		if got := Device(userAgent); got != want {
			t.Errorf("%q is %q, not %q", userAgent, got, want)
		}
	}
}

func TestALongDeviceIsShortened(t *testing.T) {
	got := Device(strings.Repeat("ā", 400))
	if utf8.RuneCountInString(got) != maxDevice || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(got), got)
	}
}

func FuzzDevice(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0")
	f.Add("curl/8")
	f.Add("Mozilla/(((;;;)))/ Version/")
	f.Fuzz(func(t *testing.T, userAgent string) {
		if got := Device(userAgent); utf8.RuneCountInString(got) > maxDevice {
			t.Errorf("%q has %d characters", got, utf8.RuneCountInString(got))
		}
	})
}
