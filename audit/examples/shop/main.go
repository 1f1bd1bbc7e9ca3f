// Command shop is a small web application that records what happens in it into keytrail: products with tags, accounts
// with passwords, and a supplier's service that it calls. What of it has to do with recording stands in record.go.
//
//	SHOP_DATABASE='user:password@tcp(127.0.0.1:3306)/shop' KEYTRAIL_URL=https://keys.example.org KEYTRAIL_TOKEN=ktr_… shop
package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/keytrail/keytrail/audit"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// endPatience is how long the end of the program waits for requests, and then for keytrail.
const endPatience = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		slog.Error("the shop ended", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	client, err := audit.Open(audit.Options{
		URL: os.Getenv("KEYTRAIL_URL"), Token: os.Getenv("KEYTRAIL_TOKEN"),
		Dir: cmp.Or(os.Getenv("SHOP_AUDIT_QUEUE"), "audit-queue"), Strict: os.Getenv("SHOP_STRICT") == "1",
	})
	if err != nil {
		return err
	}
	shop, err := newShop(client, os.Getenv("SHOP_DATABASE"), os.Getenv("SHOP_SUPPLIER"))
	if err != nil {
		return err
	}
	server := &http.Server{Addr: cmp.Or(os.Getenv("SHOP_LISTEN"), "127.0.0.1:8090"), Handler: shop.handler(client), ReadHeaderTimeout: 5 * time.Second}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", server.Addr)
	if err != nil {
		return err
	}
	return errors.Join(serve(ctx, server, listener), closeClient(client)) // after the last request
}

// serve answers requests until ctx is done, and returns when the last is answered: Serve itself returns as soon as
// Shutdown begins, while handlers still record.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	over, cancel := context.WithTimeout(context.Background(), endPatience)
	defer cancel()
	return server.Shutdown(over)
}

// closeClient delivers what waits: what cannot be delivered in time is sent at the next start.
func closeClient(client *audit.Client) error {
	over, cancel := context.WithTimeout(context.Background(), endPatience)
	defer cancel()
	return client.Close(over)
}

// newShop opens the database and makes its tables.
func newShop(client *audit.Client, dsn, supplier string) (*shop, error) {
	db, err := gorm.Open(mysql.Open(dsn+"?parseTime=true&clientFoundRows=true"), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	if err := db.AutoMigrate(&Account{}, &Product{}, &Tag{}); err != nil {
		return nil, err
	}
	if err := recordDatabase(db, client); err != nil {
		return nil, err
	}
	return &shop{db: db, supplier: supplier, http: recordedClient(client)}, nil
}
