package notice

import "os/exec"

const script = `on run argv
display dialog (item 2 of argv) with title (item 1 of argv) buttons {"OK"} default button 1 giving up after 3600
end run`

// show opens a dialog that the person closes; the agent doesn't wait for it.
func show(text string) error {
	dialog := exec.Command("/usr/bin/osascript", "-e", script, title, text)
	if err := dialog.Start(); err != nil {
		return err
	}
	go dialog.Wait() // ends after an hour at the latest
	return nil
}
