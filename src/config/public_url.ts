import { z } from "zod";
import { isLoopback } from "../net/loopback.ts";

/** An https URL, or http on loopback, without query and fragment; kept byte for byte (AUTH-29, PRM-08). */
export const publicUrl = z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  message: "write an absolute URL such as https://auth.example.com",
  abort: true,
}).refine((value) => new URL(value).protocol === "https:" || isLoopback(new URL(value).hostname), {
  message: "use https; http is only for localhost, 127.0.0.1 and [::1]",
}).refine((value) => !/[?#]/.test(value), { message: "remove the query and the fragment" })
  .refine((value) => new URL(value).username === "" && new URL(value).password === "", {
    message: "remove user and password",
  });

/** The URL of an MCP endpoint: no slash at the end, as clients compare it byte for byte (PRM-05). */
export const endpointUrl = publicUrl.refine((value) => !value.endsWith("/"), {
  message: "remove the slash at the end",
});
