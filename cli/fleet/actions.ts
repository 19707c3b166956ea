/** What a person may say to the restore of a fleet. */
export const fleetActions = ['status', 'approve', 'pause', 'resume', 'stop'] as const;
export type FleetAction = (typeof fleetActions)[number];
