import type { FormObject, SchemaNode, Layout, CodeTables } from "./form_types";
export interface paths {
    "/api/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The applications of my organisation, last changed first; officers use the inbox and get none */
        get: operations["list_applications"];
        put?: never;
        post: operations["start_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The applicant sees what was typed last, officers what was filed last */
        get: operations["show_application"];
        put?: never;
        post?: never;
        delete: operations["discard_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/form": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps what was typed (autosave), while it is the applicant's turn */
        put: operations["save_form"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/commitments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Which materials a written commitment (告知承诺) stands for */
        put: operations["save_commitments"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/precheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Judges a form without storing anything */
        post: operations["precheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/submission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Files the draft, or what a correction asked for. Open findings never prevent it */
        post: operations["submit_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["withdraw_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/submissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_submissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/submissions/{round}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_submission"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The officer's tasks, most urgent first (done ones newest first) */
        get: operations["show_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_progress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/process": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_process"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every task of the case, for officers */
        get: operations["list_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_task"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["claim_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["release_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["complete_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of permit in force */
        get: operations["list_matters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matters/{matter_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One kind of permit with form, materials, conditions and code tables */
        get: operations["show_matter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matters/{matter_code}/process": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process of the matter as BPMN 2.0 XML */
        get: operations["show_matter_process"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Administrative divisions right below one, or the provinces */
        get: operations["list_regions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permits/{permit_number}/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["download_certificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/public/permits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published permits, newest first, for anybody */
        get: operations["search_public_permits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/public/permits/{permit_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is this permit real, and does it hold? As of the reply's Date header
         * @description The reply depends on the number alone and is answered from memory until the permit changes.
         */
        get: operations["show_public_permit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pages below are HTML without script; unknown query parameters are ignored there */
        get: operations["page_portal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["page_guides"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guide/{matter_code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["page_guide"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["page_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/permits/{permit_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["page_permit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["page_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the QR of a certificate opens */
        get: operations["page_verify_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One file; its type is found in its bytes, its original name is kept */
        post: operations["upload_document"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{document_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes as they were uploaded, sandboxed */
        get: operations["download_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{document_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Only what was not filed yet */
        delete: operations["remove_document"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["show_session"];
        put?: never;
        /** Signs in; the cookie __Host-kaigong is the session */
        post: operations["sign_in"];
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["list_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/letters/{letter_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["download_letter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The published permits of my organisation, or of my region */
        get: operations["list_permits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permits/{permit_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["show_permit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus text, for this machine alone */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/applications/{application_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what to the case, newest first, for officers */
        get: operations["list_audit_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demo/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Only under serve --demo */
        get: operations["show_demo_clock"];
        put?: never;
        /** Only under serve --demo; only forward */
        post: operations["move_demo_clock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457. `reason` is stable for ever; `detail` and `message` say in Chinese what to do next. */
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            detail: string;
            reason: string;
            request_id: string;
            fields: {
                /** @description JSON path as it was sent, or the name of a query parameter; empty: the body as a whole */
                field: string;
                reason: string;
                message: string;
            }[];
        };
        /** Format: uuid */
        Uuid: string;
        /** @description UTC milliseconds since 1970 */
        Instant: number;
        /**
         * Format: date
         * @description civil date in Asia/Shanghai
         */
        Day: string;
        /** Format: date */
        DayOrNull: string | null;
        /** @description goes into `cursor` of the next request; null at the end */
        NextCursor: string | null;
        /** @description GB/T 2260 */
        RegionCode: string;
        /** @enum {unknown} */
        Light: "green" | "yellow" | "red" | null;
        /** @enum {unknown} */
        ApplicationState: "draft" | "submitted" | "accepted" | "awaiting_decision" | "no_permit_needed" | "not_accepted" | "granted" | "refused" | "withdrawn" | "discontinued";
        /** @enum {unknown} */
        Turn: "applicant" | "authority" | "nobody";
        ApplicationRow: {
            application_id: components["schemas"]["Uuid"];
            application_number: string | null;
            matter_code: string;
            matter_name: string;
            works_name: string | null;
            state: components["schemas"]["ApplicationState"];
            state_name: string;
            turn: components["schemas"]["Turn"];
            round: number;
            updated_at_ms: components["schemas"]["Instant"];
            due_on: components["schemas"]["DayOrNull"];
            provisional: boolean;
            light: components["schemas"]["Light"];
            permit_number: string | null;
        };
        Application: {
            application_id: components["schemas"]["Uuid"];
            application_number: string | null;
            matter_code: string;
            matter_name: string;
            catalog_version: string;
            works_name: string | null;
            owner_name: string | null;
            state: components["schemas"]["ApplicationState"];
            state_name: string;
            turn: components["schemas"]["Turn"];
            version: number;
            round: number;
            form: FormObject;
            materials: components["schemas"]["MaterialState"][];
            findings: components["schemas"]["Finding"][];
            counts: components["schemas"]["FindingCounts"];
            remarks: components["schemas"]["Remark"][];
            received_at_ms: number | null;
            updated_at_ms: components["schemas"]["Instant"];
            permit_number: string | null;
            can_edit: boolean;
        };
        MaterialState: {
            material_code: string;
            name: string;
            /** @description null where its rule could not be computed yet */
            required: boolean | null;
            /** @enum {unknown} */
            proved_by: "file" | "register" | "commitment" | "generated" | null;
            may_commit: boolean;
            committed: boolean;
            generated: boolean;
            formats: string[];
            pages_max: number;
            legal_basis: string;
            documents: components["schemas"]["Document"][];
        };
        /** @description never prevents filing; `unchecked` is neither pass nor fail */
        Finding: {
            rule: string;
            /** @enum {unknown} */
            outcome: "fail" | "unchecked";
            /** @enum {unknown} */
            severity: "block" | "warn" | "info";
            /** @enum {unknown} */
            audience: "applicant" | "officer" | "leader";
            leads_to: string | null;
            title: string;
            message: string;
            remedy: string;
            legal_basis: string;
            basis_confirmed: boolean;
            fields: string[];
            evidence: {
                material_code: string;
                document_id: string | null;
                page: number | null;
            }[];
        };
        FindingCounts: {
            fail: number;
            unchecked: number;
            pass: number;
        };
        Remark: {
            rule: string;
            remark: string;
        };
        PointAnswer: {
            point_id: string;
            answer: string;
        };
        Submission: {
            round: number;
            submitted_at_ms: components["schemas"]["Instant"];
            form: FormObject;
            materials: {
                material_code: string;
                name: string;
                required: boolean | null;
                /** @enum {unknown} */
                proved_by: "file" | "register" | "commitment" | "generated" | "";
                committed: boolean;
                /** @description the papers that stood for it in this round */
                documents: components["schemas"]["Document"][];
            }[];
            findings: components["schemas"]["Finding"][];
            remarks: components["schemas"]["Remark"][];
            answers: components["schemas"]["PointAnswer"][];
            changed_fields: string[];
        };
        InboxRow: {
            task_id: components["schemas"]["Uuid"];
            application_id: components["schemas"]["Uuid"];
            application_number: string;
            matter_code: string;
            matter_name: string;
            works_name: string;
            owner_name: string;
            region_code: components["schemas"]["RegionCode"];
            step_name: string;
            kind: components["schemas"]["TaskKind"];
            department: string;
            version: number;
            state: components["schemas"]["TaskState"];
            due_on: components["schemas"]["Day"];
            provisional: boolean;
            light: components["schemas"]["Light"];
            remaining_working_days: number;
            assignee_name: string | null;
            assigned_to_me: boolean;
            last_opinion: string | null;
            outcome_label: string | null;
            created_at_ms: components["schemas"]["Instant"];
            completed_at_ms: number | null;
        };
        /** @enum {unknown} */
        TaskKind: "check" | "accept" | "correct" | "review" | "recheck" | "decide" | "certificate";
        /** @enum {unknown} */
        TaskState: "open" | "completed" | "cancelled";
        Task: {
            task_id: components["schemas"]["Uuid"];
            application_id: components["schemas"]["Uuid"];
            application_number: string;
            element_id: string;
            name: string;
            kind: components["schemas"]["TaskKind"];
            item: string | null;
            department: string;
            state: components["schemas"]["TaskState"];
            assignee_name: string | null;
            assigned_to_me: boolean;
            version: number;
            legal_basis: string | null;
            checklist: {
                code: string;
                text: string;
            }[];
            outcomes: {
                code: string;
                label: string;
                /** @enum {unknown} */
                tone: "primary" | "normal" | "danger";
                reason_required: boolean;
                points_required: boolean;
                points_allowed: boolean;
                consequence: string;
                blocked_because: string | null;
            }[];
            outcome: string | null;
            outcome_label: string | null;
            opinion: string | null;
            actor_name: string | null;
            cancel_cause: string | null;
            created_at_ms: components["schemas"]["Instant"];
            completed_at_ms: number | null;
        };
        Progress: {
            application_id: components["schemas"]["Uuid"];
            application_number: string;
            works_name: string;
            state: components["schemas"]["ApplicationState"];
            state_name: string;
            turn: components["schemas"]["Turn"];
            round: number;
            headline: string;
            clock: {
                budget_working_days: number;
                used_working_days: number;
                remaining_working_days: number | null;
                due_on: components["schemas"]["DayOrNull"];
                due_at_ms: number | null;
                promised_working_days: number;
                promised_due_on: components["schemas"]["DayOrNull"];
                provisional: boolean;
                paused: boolean;
                light: components["schemas"]["Light"];
                segments: {
                    /** @enum {unknown} */
                    kind: "authority" | "applicant" | "special" | "non_working";
                    from_on: components["schemas"]["Day"];
                    through_on: components["schemas"]["Day"];
                }[];
            };
            timeline: {
                at_ms: components["schemas"]["Instant"];
                kind: string;
                title: string;
                detail: string | null;
                /** @description null for applicants */
                actor: string | null;
            }[];
            items: {
                item: string;
                name: string;
                department: string;
                department_name: string;
                /** @enum {unknown} */
                state: "not_started" | "in_review" | "needs_correction" | "agreed" | "agreed_with_conditions" | "disagreed" | "not_applicable" | "voided";
                state_name: string;
                outcome_label: string | null;
                /** @description applicants see it at the end */
                opinion: string | null;
                legal_basis: string;
            }[];
            correction: {
                points: components["schemas"]["CorrectionPoint"][];
                opened_at_ms: components["schemas"]["Instant"];
            } | null;
            waiting_for: {
                /** @enum {unknown} */
                kind: "person" | "applicant" | "timer" | "job" | "incident";
                name: string;
                since_at_ms: components["schemas"]["Instant"];
            }[];
            decision_reason: string | null;
            permit_number: string | null;
        };
        CorrectionPoint: {
            point_id: components["schemas"]["Uuid"];
            item: string;
            department_name: string;
            field: string | null;
            material_code: string | null;
            what: string;
            how_to_mend: string;
            legal_basis: string;
            /** @enum {unknown} */
            state: "recorded" | "asked" | "answered" | "withdrawn";
            answer: string | null;
        };
        Code: {
            code: string;
            name: string;
        };
        Matter: {
            matter_code: string;
            name: string;
            summary: string;
            statutory_working_days: number;
            promised_working_days: number;
            catalog_version: string;
            intake_working_days: number;
            legal_basis: string;
            authorities: {
                region_code: components["schemas"]["RegionCode"];
                name: string;
                phone: string;
                address: string;
            }[];
            items: {
                item: string;
                name: string;
                department: string;
                department_name: string;
                legal_basis: string;
            }[];
            conditions: {
                text: string;
                legal_basis: string;
            }[];
            exemption_note: string | null;
            fee_note: string | null;
            materials: components["schemas"]["MaterialRule"][];
            /** @description JSON Schema 2020-12 with x- keywords */
            form_schema: SchemaNode;
            layout: Layout;
            code_tables: CodeTables;
        };
        /** @description as the catalogue has it; a matter may say more */
        MaterialRule: {
            material_code: string;
            name: string;
            /** @description FEEL over the form */
            required_when: string;
            proves: string[];
            register: string | null;
            may_commit: boolean;
            generated: boolean;
            formats: ("pdf" | "jpg" | "png" | "ofd")[];
            pages_max: number;
            legal_basis: string;
            seal_required: boolean;
            note?: string;
            basis_confirmed?: boolean;
        };
        /** @description beside what is named here, the texts and lists that the matter makes public (`public_record` of matter.json) */
        PublicPermit: {
            permit_number: string;
            certificate_identifier: string;
            certificate_version: number;
            state: components["schemas"]["PermitState"];
            state_name: string;
            region_code: components["schemas"]["RegionCode"];
            works_name: string;
            owner_name: string;
            issuing_authority: string;
            issued_on: components["schemas"]["Day"];
            start_due_on: components["schemas"]["Day"];
            start_due_provisional: boolean;
            published_at_ms: components["schemas"]["Instant"];
            works_address?: string;
            scale_text?: string;
            contract_price_text?: string;
            duration_text?: string;
            participants?: components["schemas"]["PublicParticipant"][];
            buildings?: components["schemas"]["PublicBuilding"][];
        };
        Document: {
            document_id: components["schemas"]["Uuid"];
            /** @description null belongs to no material of the list */
            material_code: string | null;
            file_name: string;
            /** @enum {unknown} */
            media_type: "application/pdf" | "application/ofd" | "image/jpeg" | "image/png";
            size_bytes: number;
            pages: number | null;
            sha256: string;
            /** @description 0 until it is filed */
            round: number;
            uploaded_at_ms: components["schemas"]["Instant"];
            superseded: boolean;
        };
        Session: {
            account: {
                account_id: components["schemas"]["Uuid"];
                account_name: string;
                display_name: string;
                /** @enum {unknown} */
                kind: "owner_agent" | "officer" | "administrator";
                organisation_name: string;
                credit_code: string | null;
                department: string | null;
                department_name: string | null;
                region_code: string | null;
                roles: components["schemas"]["Role"][];
            };
            /** @description goes into X-CSRF-Token of every unsafe request */
            csrf_token: string;
            demo: boolean;
            now_ms: components["schemas"]["Instant"];
        };
        /** @enum {unknown} */
        Role: "owner_agent" | "window_clerk" | "acceptance_officer" | "reviewer" | "section_head" | "deciding_leader" | "certificate_officer" | "system_admin" | "security_admin" | "audit_admin";
        /** @enum {unknown} */
        PermitState: "numbered" | "in_force" | "lapsed" | "replaced" | "revoked" | "retracted" | "forfeited" | "deregistered" | "completed";
        /** @description beside what is named here, the texts and lists that the matter makes public (`public_record` of matter.json) */
        Permit: {
            permit_number: string;
            application_id: components["schemas"]["Uuid"];
            region_code: components["schemas"]["RegionCode"];
            state: components["schemas"]["PermitState"];
            state_name: string;
            version: number;
            works_name: string;
            owner_name: string;
            issuing_authority: string;
            issued_on: components["schemas"]["Day"];
            start_due_on: components["schemas"]["Day"];
            start_due_provisional: boolean;
            works_address?: string;
            scale_text?: string;
            contract_price_text?: string;
            duration_text?: string;
            participants?: components["schemas"]["PublicParticipant"][];
            buildings?: components["schemas"]["PublicBuilding"][];
        };
        PublicParticipant: {
            role?: string;
            role_name: string;
            organisation_name: string;
            credit_code?: string;
            lead_name?: string;
        };
        PublicBuilding: {
            [key: string]: components["schemas"]["PublicText"];
        };
        PublicText: string;
        Readiness: {
            ready: boolean;
            checks: {
                name: string;
                ok: boolean;
            }[];
        };
    };
    responses: {
        /** @description malformed JSON, an unknown query parameter, a missing Idempotency-Key */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description no session */
        SignedOut: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description this role may not, or the request does not come from our page (CSRF) */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description not there, or not yours */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the state of things does not allow it */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description If-Match is missing, or somebody else was faster */
        Stale: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description body over its limit */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the body is no application/json */
        NotJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description values that are not possible, each with its field */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description try again later */
        TooManyAttempts: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description what any request can meet at the edge */
        Unexpected: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the same as a page for a browser */
        UnexpectedPage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        Cursor: string;
        Limit: number;
        /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
        IdempotencyKey: string;
        /** @description the version that was read, as its ETag says */
        IfMatch: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_applications: {
        parameters: {
            query?: {
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applications: components["schemas"]["ApplicationRow"][];
                        next_cursor: components["schemas"]["NextCursor"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    start_application: {
        parameters: {
            query?: never;
            header: {
                /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    matter_code: string;
                };
            };
        };
        responses: {
            /** @description an empty draft */
            201: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the application */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    discard_draft: {
        parameters: {
            query?: never;
            header: {
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            default: components["responses"]["Unexpected"];
        };
    };
    save_form: {
        parameters: {
            query?: never;
            header: {
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description by the form schema of the matter */
                    form: FormObject;
                };
            };
        };
        responses: {
            /** @description saved */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        saved_at_ms: components["schemas"]["Instant"];
                        findings: components["schemas"]["Finding"][];
                        counts: components["schemas"]["FindingCounts"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    save_commitments: {
        parameters: {
            query?: never;
            header: {
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    materials: string[];
                };
            };
        };
        responses: {
            /** @description saved */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    precheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description by the form schema of the matter */
                    form: FormObject;
                };
            };
        };
        responses: {
            /** @description what the rules say */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        findings: components["schemas"]["Finding"][];
                        counts: components["schemas"]["FindingCounts"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    submit_application: {
        parameters: {
            query?: never;
            header: {
                /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description truth and not_split have to be true */
                    declarations: Record<string, unknown>;
                    remarks?: components["schemas"]["Remark"][];
                    answers?: components["schemas"]["PointAnswer"][];
                };
            };
        };
        responses: {
            /** @description received; 行政许可法 32 runs from here */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        application_number: string;
                        round: number;
                        received_at_ms: components["schemas"]["Instant"];
                        intake_due_on: components["schemas"]["Day"];
                        provisional: boolean;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    withdraw_application: {
        parameters: {
            query?: never;
            header: {
                /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description asked for; a decision that is recorded first wins */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_submissions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description every round that was filed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        submissions: {
                            round: number;
                            submitted_at_ms: components["schemas"]["Instant"];
                            changed_fields: string[];
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_submission: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
                round: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one frozen round */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_inbox: {
        parameters: {
            query?: {
                view?: "todo" | "mine" | "done" | "all";
                query?: string;
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: components["schemas"]["InboxRow"][];
                        next_cursor: components["schemas"]["NextCursor"];
                        counts: {
                            todo: number;
                            mine: number;
                            /** @description counting ends here: show it as “n+” */
                            count_max: number;
                        };
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_progress: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description state, clock, timeline and who holds it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_process: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the diagram and where the case stands in it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        bpmn_xml: string;
                        active: string[];
                        completed: string[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description open, completed and cancelled ones */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tasks: components["schemas"]["Task"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the task */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    claim_task: {
        parameters: {
            query?: never;
            header: {
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the task */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            default: components["responses"]["Unexpected"];
        };
    };
    release_task: {
        parameters: {
            query?: never;
            header: {
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the task */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            default: components["responses"]["Unexpected"];
        };
    };
    complete_task: {
        parameters: {
            query?: never;
            header: {
                /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
                /** @description the version that was read, as its ETag says */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    outcome: string;
                    opinion?: string | null;
                    checklist?: string[];
                    points?: {
                        field?: string | null;
                        material_code?: string | null;
                        what: string;
                        how_to_mend: string;
                        legal_basis: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description the task */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["Stale"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_matters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        matters: {
                            matter_code: string;
                            name: string;
                            summary: string;
                            statutory_working_days: number;
                            promised_working_days: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_matter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                matter_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the version in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matter"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_matter_process: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                matter_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description BPMN */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_regions: {
        parameters: {
            query?: {
                parent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description may be empty */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        regions: components["schemas"]["Code"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Unexpected"];
        };
    };
    download_certificate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                permit_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    search_public_permits: {
        parameters: {
            query?: {
                /** @description part of the number, of the works name or of the owner name */
                query?: string;
                region_code?: components["schemas"]["RegionCode"];
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        permits: components["schemas"]["PublicPermit"][];
                        next_cursor: components["schemas"]["NextCursor"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_public_permit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                permit_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description published */
            200: {
                headers: {
                    Date: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublicPermit"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    page_portal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_guides: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_guide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                matter_code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description a page */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_search: {
        parameters: {
            query?: {
                q?: string;
                region?: string;
                cursor?: components["parameters"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description a page */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_permit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                permit_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description a page */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_verify: {
        parameters: {
            query?: {
                number?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    page_verify_code: {
        parameters: {
            query?: {
                /** @description certificate identifier */
                c?: string;
                /** @description signature of the link */
                s?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    upload_document: {
        parameters: {
            query: {
                material_code?: string;
                file_name: string;
            };
            header: {
                /** @description one UUID for one act; sent again with the same body it answers again and does nothing */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
            };
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
                "application/pdf": string;
                "application/ofd": string;
                "image/jpeg": string;
                "image/png": string;
            };
        };
        responses: {
            /** @description kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    download_document: {
        parameters: {
            query?: {
                /** @description 1 for a preview of PDF, JPEG and PNG */
                inline?: string;
            };
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/jpeg": string;
                    "image/png": string;
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    remove_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            default: components["responses"]["Unexpected"];
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    account: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description signed in */
            200: {
                headers: {
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            429: components["responses"]["TooManyAttempts"];
            default: components["responses"]["Unexpected"];
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed out */
            204: {
                headers: {
                    "Set-Cookie": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_letters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the letters (文书) of the case, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        letters: {
                            letter_id: components["schemas"]["Uuid"];
                            /** @enum {unknown} */
                            letter_kind: "materials_receipt" | "no_permit_needed_notice" | "non_acceptance_decision" | "correction_notice" | "acceptance_notice" | "grant_decision" | "refusal_decision" | "withdrawal_confirmation";
                            title: string;
                            number: string;
                            issued_at_ms: components["schemas"]["Instant"];
                            round: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    download_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PDF */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    list_permits: {
        parameters: {
            query?: {
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        permits: components["schemas"]["Permit"][];
                        next_cursor: components["schemas"]["NextCursor"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_permit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                permit_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the permit */
            200: {
                headers: {
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permit"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Unexpected"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ok */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description each condition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description each condition */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description counters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["UnexpectedPage"];
        };
    };
    list_audit_entries: {
        parameters: {
            query?: {
                cursor?: components["parameters"]["Cursor"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                application_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            at_ms: components["schemas"]["Instant"];
                            act: string;
                            actor_name: string;
                            summary: string;
                        }[];
                        next_cursor: components["schemas"]["NextCursor"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["SignedOut"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
    show_demo_clock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the clock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        now_ms: components["schemas"]["Instant"];
                        today_on: components["schemas"]["Day"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Unexpected"];
        };
    };
    move_demo_clock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    advance_to_ms?: number;
                    advance_working_days?: number;
                    /** @description time of day in the office */
                    at?: string;
                };
            };
        };
        responses: {
            /** @description the clock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        now_ms: components["schemas"]["Instant"];
                        today_on: components["schemas"]["Day"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["NotJson"];
            422: components["responses"]["Invalid"];
            default: components["responses"]["Unexpected"];
        };
    };
}
