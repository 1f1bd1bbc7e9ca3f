package main

import "gorm.io/gorm"

// Account is somebody who may sign in.
type Account struct {
	ID       uint   `json:"id"`
	Email    string `json:"email" gorm:"size:200;unique" audit:"personal"`
	Password string `json:"-" audit:"mask"` // a hash; that it changed is recorded, what it is never
	Session  string `json:"-" audit:"-" gorm:"size:100;index"`
}

// Product is something that is sold.
type Product struct {
	ID        uint           `json:"id"`
	Name      string         `json:"name" audit:"plain,label"`
	Price     int            `json:"price" audit:"plain"`
	Supplier  string         `json:"supplier"`
	Tags      []Tag          `json:"tags,omitempty" gorm:"many2many:product_tags"`
	DeletedAt gorm.DeletedAt `json:"deletedAt" audit:"plain"`
}

// Tag groups products.
type Tag struct {
	ID   uint   `json:"id"`
	Name string `json:"name" gorm:"size:100;unique" audit:"plain,label"`
}
