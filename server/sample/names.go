package sample

// Zone is where the sample organisation works.
const Zone = "Europe/Riga"

// Organisation is its name.
const Organisation = "Daugava Institute of Technology"

func departmentNames() []string {
	return []string{
		"Administration", "Facilities", "Finance", "IT", "Laboratories", "Languages", "Library", "Mechanics", "Security",
	}
}

func firstNames() []string {
	return []string{
		"Jānis", "Anna", "Pēteris", "Kristīne", "Andris", "Līga", "Mārtiņš", "Inese", "Edgars", "Zane", "Raimonds", "Ilze",
		"Artūrs", "Dace", "Kaspars", "Sanita", "Ģirts", "Evija", "Normunds", "Baiba", "Valdis", "Gunta", "Roberts", "Elīna",
		"Sergejs", "Olga", "Dmitrijs", "Natālija", "James", "Emily", "Oliver", "Sophie",
	}
}

// lastNames pairs the form for men with the one for women.
func lastNames() [][2]string {
	return [][2]string{
		{"Bērziņš", "Bērziņa"}, {"Kalniņš", "Kalniņa"}, {"Ozoliņš", "Ozoliņa"}, {"Liepiņš", "Liepiņa"},
		{"Jansons", "Jansone"}, {"Krūmiņš", "Krūmiņa"}, {"Balodis", "Balode"}, {"Eglītis", "Eglīte"},
		{"Zariņš", "Zariņa"}, {"Pētersons", "Pētersone"}, {"Vītols", "Vītola"}, {"Kļaviņš", "Kļaviņa"},
		{"Kārkliņš", "Kārkliņa"}, {"Šmits", "Šmite"}, {"Āboliņš", "Āboliņa"}, {"Grīnbergs", "Grīnberga"},
		{"Siliņš", "Siliņa"}, {"Dzenis", "Dzene"}, {"Ivanovs", "Ivanova"}, {"Petrovs", "Petrova"},
	}
}

func surnamesAbroad() []string { return []string{"Carter", "Hughes", "Bennett", "Ward"} }

func visitorCompanies() []string {
	return []string{"Lifts & Lights SIA", "Baltic Cooling AS", "Clean Hands SIA"}
}

// place is a kind of room: what its key is called and which groups it belongs to.
type place struct {
	label    string
	category string
	group    string
	// use is how often the key is asked for, compared to others.
	use float64
}

func roomsOfMain() []place {
	return []place{
		{"Meeting room", "Room", "Meeting rooms", 5}, {"Classroom", "Room", "Classrooms", 6}, {"Lecture hall", "Room", "Classrooms", 4},
		{"Office", "Room", "", 2}, {"Copy room", "Room", "Storage", 1.5}, {"Archive", "Room", "Storage", 0.6},
		{"Language studio", "Room", "Classrooms", 3}, {"Reading room", "Room", "", 2}, {"Server room", "Technical", "Server and network", 0.7},
		{"Computer class", "Room", "Classrooms", 5},
	}
}

func roomsOfLaboratory() []place {
	return []place{
		{"Chemistry laboratory", "Laboratory", "Laboratories", 4}, {"Physics laboratory", "Laboratory", "Laboratories", 4},
		{"Material testing", "Laboratory", "Laboratories", 3}, {"Reagent store", "Cabinet", "Storage", 1},
		{"Optics darkroom", "Laboratory", "Laboratories", 2}, {"Ventilation room", "Technical", "Technical rooms", 0.5},
		{"Network cabinet", "Technical", "Server and network", 0.4},
	}
}

func roomsOfWorkshop() []place {
	return []place{
		{"Welding bay", "Workshop", "Workshops", 3}, {"Lathe hall", "Workshop", "Workshops", 4}, {"Tool store", "Cabinet", "Storage", 5},
		{"Boiler room", "Technical", "Technical rooms", 0.8}, {"Paint shop", "Workshop", "Workshops", 2},
		{"Van", "Vehicle", "Vehicles", 4}, {"Trailer", "Vehicle", "Vehicles", 1},
	}
}

func comments() []string {
	return []string{
		"", "", "", "", "", "", "Lesson", "Meeting with guests", "Nodarbība", "Remonts", "Inventory", "Exam", "Eksāmens",
		"Delivery", "Lamp is broken, told Facilities", "Until the end of the week", "Spare key", "Sapulce", "Measurement",
	}
}

func userAgents() []string {
	return []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
		"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
	}
}
