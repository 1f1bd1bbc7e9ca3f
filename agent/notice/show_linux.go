package notice

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// show leaves a notification on the desktop until somebody closes it.
func show(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return err
	}
	defer conn.Close()
	hints := map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(2))}
	return conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications").CallWithContext(ctx,
		"org.freedesktop.Notifications.Notify", 0, "keytrail-agent", uint32(0), "", title, text, []string{}, hints, int32(0)).Err
}
