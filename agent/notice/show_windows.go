package notice

import "golang.org/x/sys/windows"

// show opens a box that the person closes; the agent doesn't wait for it.
func show(text string) error {
	head, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return err
	}
	body, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return err
	}
	go windows.MessageBox(0, body, head, windows.MB_OK|windows.MB_ICONINFORMATION|windows.MB_SETFOREGROUND)
	return nil
}
