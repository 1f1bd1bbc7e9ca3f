package main

import (
	"net/http"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/gormaudit"
	"github.com/keytrail/keytrail/audit/httpaudit"
	"gorm.io/gorm"
)

// recordDatabase has every change recorded, and each look at a product.
func recordDatabase(db *gorm.DB, client *audit.Client) error {
	return db.Use(gormaudit.New(client, gormaudit.Options{Module: "shop", Reads: []string{"products"}}))
}

// recordRequests has requests recorded, except those of the load balancer.
func recordRequests(client *audit.Client, next http.Handler) http.Handler {
	return httpaudit.Middleware(client, httpaudit.Options{Service: "shop", Exclude: []string{"/health"}})(next)
}

// recordedClient calls other services and has it recorded.
func recordedClient(client *audit.Client) *http.Client {
	return &http.Client{
		Transport: httpaudit.Transport(nil, client, httpaudit.Options{Service: "supplier"}),
		Timeout:   5 * time.Second,
	}
}
