import { type ActivityStatus } from '../adapters/activity-status.js';
import { type Channel } from '../adapters/channel.js';
import { type MilestoneModel } from './activity.model.js';
import { type Merged } from './merged.js';
import { rankOf } from './status-rank.js';

/** In the order they were reached. Within a second by how far each is: providers tell whole seconds of what we know to the millisecond. */
export function milestonesOf(channel: Channel, milestones: Merged['milestones']): MilestoneModel[] {
  const second = ({ at }: MilestoneModel) => Math.floor(at.getTime() / 1_000);
  const rank = ({ status }: MilestoneModel) => rankOf(channel, status);
  return Object.entries(milestones)
    .map(([status, [at]]) => ({ status: status as ActivityStatus, at: new Date(at) }))
    .sort((a, b) => second(a) - second(b) || rank(a) - rank(b) || a.at.getTime() - b.at.getTime());
}
