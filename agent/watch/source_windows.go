package watch

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/keytrail/keytrail/agent/presence"
)

const answerWithin = 4 * time.Second // Windows ends programs that don't answer for five

// Messages and their parameters, as winuser.h and wtsapi32.h name them.
const (
	wmClose            = 0x0010
	wmDestroy          = 0x0002
	wmQueryEndSession  = 0x0011
	wmEndSession       = 0x0016
	wmPowerBroadcast   = 0x0218
	wmSessionChange    = 0x02B1
	pbtSuspend         = 0x0004
	pbtResumeSuspend   = 0x0007
	pbtResumeAutomatic = 0x0012
	consoleConnect     = 1
	consoleDisconnect  = 2
	remoteConnect      = 3
	remoteDisconnect   = 4
	sessionLock        = 7
	sessionUnlock      = 8
	notifyThisSession  = 0
)

// library is the functions that x/sys doesn't have.
type library struct {
	getLastInputInfo, getTickCount                         *windows.LazyProc
	registerClass, createWindow, destroyWindow, defWindow  *windows.LazyProc
	getMessage, dispatchMessage, postMessage, postQuit     *windows.LazyProc
	registerSessionNotification, unregisterSessionNotified *windows.LazyProc
}

func openLibrary() library {
	user, kernel, wts := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("kernel32.dll"), windows.NewLazySystemDLL("wtsapi32.dll")
	return library{
		user.NewProc("GetLastInputInfo"), kernel.NewProc("GetTickCount"),
		user.NewProc("RegisterClassExW"), user.NewProc("CreateWindowExW"), user.NewProc("DestroyWindow"), user.NewProc("DefWindowProcW"),
		user.NewProc("GetMessageW"), user.NewProc("DispatchMessageW"), user.NewProc("PostMessageW"), user.NewProc("PostQuitMessage"),
		wts.NewProc("WTSRegisterSessionNotification"), wts.NewProc("WTSUnRegisterSessionNotification"),
	}
}

// station asks for the last input, and has a window that nobody sees, to which Windows tells the rest.
type station struct {
	library
	told   announcements
	window uintptr
	ended  chan struct{}
}

// Open makes the window.
func Open(func(string) string) (Source, error) {
	s := &station{library: openLibrary(), told: make(announcements, room), ended: make(chan struct{})}
	made := make(chan error, 1)
	go s.listen(made)
	if err := <-made; err != nil {
		return nil, err
	}
	return s, nil
}

func (s *station) Name() string                       { return "Windows" }
func (s *station) Announcements() <-chan Announcement { return s.told }

// Idle compares two counts of milliseconds, which begin anew every 49 days at the same time.
func (s *station) Idle() (time.Duration, error) {
	info := struct{ size, ticks uint32 }{size: 8}
	if ok, _, err := s.getLastInputInfo.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
		return 0, fmt.Errorf("GetLastInputInfo: %w", err)
	}
	now, _, _ := s.getTickCount.Call()
	return time.Duration(uint32(now)-info.ticks) * time.Millisecond, nil
}

// Close ends the window and waits for its goroutine.
func (s *station) Close() error {
	s.postMessage.Call(s.window, wmClose, 0, 0)
	select {
	case <-s.ended:
	case <-time.After(answerWithin):
	}
	return nil
}

// listen owns the window: Windows gives messages only to the thread that made it.
func (s *station) listen(made chan<- error) {
	runtime.LockOSThread()
	defer close(s.ended)
	err := s.makeWindow()
	made <- err
	if err != nil {
		return
	}
	s.registerSessionNotification.Call(s.window, notifyThisSession) // without it, only locks are not seen
	var message [48]byte                                            // MSG has at most 48 bytes
	for {
		got, _, _ := s.getMessage.Call(uintptr(unsafe.Pointer(&message)), 0, 0, 0)
		if int32(got) <= 0 {
			return
		}
		s.dispatchMessage.Call(uintptr(unsafe.Pointer(&message)))
	}
}

// windowClass is WNDCLASSEXW.
type windowClass struct {
	size, style                        uint32
	procedure                          uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

func (s *station) makeWindow() error {
	name, err := windows.UTF16PtrFromString(fmt.Sprintf("keytrail-agent-%d", windows.DurationSinceBoot()))
	if err != nil {
		return err
	}
	class := windowClass{procedure: windows.NewCallback(s.receive), name: name}
	class.size = uint32(unsafe.Sizeof(class))
	if atom, _, err := s.registerClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		return fmt.Errorf("RegisterClassEx: %w", err)
	}
	window, _, err := s.createWindow.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return fmt.Errorf("CreateWindowEx: %w", err)
	}
	s.window = window
	return nil
}

// receive is called by Windows, on the window's thread.
func (s *station) receive(window, message, what, more uintptr) uintptr {
	switch message {
	case wmQueryEndSession:
		return 1
	case wmEndSession:
		if what != 0 {
			s.tell(presence.End)
		}
		return 0
	case wmPowerBroadcast:
		s.power(what)
		return 1
	case wmSessionChange:
		s.session(what)
		return 0
	case wmClose:
		s.unregisterSessionNotified.Call(window)
		s.destroyWindow.Call(window)
		return 0
	case wmDestroy:
		s.postQuit.Call(0)
		return 0
	}
	result, _, _ := s.defWindow.Call(window, message, what, more)
	return result
}

func (s *station) power(what uintptr) {
	switch what {
	case pbtSuspend:
		s.tell(presence.Sleep)
	case pbtResumeAutomatic, pbtResumeSuspend:
		s.told.offer(presence.Wake, func() {})
	}
}

// session takes a session that nobody looks at any more for a locked one.
func (s *station) session(what uintptr) {
	switch what {
	case sessionLock, consoleDisconnect, remoteDisconnect:
		s.told.offer(presence.Lock, func() {})
	case sessionUnlock, consoleConnect, remoteConnect:
		s.told.offer(presence.Unlock, func() {})
	}
}

// tell holds Windows up until the event was dealt with.
func (s *station) tell(event presence.Event) {
	dealt := make(chan struct{})
	s.told.offer(event, func() { close(dealt) })
	select {
	case <-dealt:
	case <-time.After(answerWithin):
	}
}
