import { create } from "zustand";

/** What the shell shows of the notifications: how many are unread, and whether their list is open. */
export const useBell = create<{ unread: number; open: boolean }>(() => ({ unread: 0, open: false }));

export const ring = (unread: number): void => useBell.setState({ unread });
export const openBell = (open: boolean): void => useBell.setState({ open });
