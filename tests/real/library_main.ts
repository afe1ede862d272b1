/** The app of books, with a resource and a prompt of each access level, in a process of its own. */
import { main } from "../../main.ts";
import { libraryApp } from "../library_app.ts";

await main(libraryApp());
