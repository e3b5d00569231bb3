import { preferProperty } from '../../remedies/by-hand/network.ts';
import { type Check, skip, warn } from '../cause.ts';
import { networkRefusals, overVnet, overVnetFailed } from '../log-text.ts';
import { pullOverVnet } from '../pages.ts';
import { routeEvidence } from './network-facts.ts';

/**
 * Source: Azure/AppService _posts/2024-04-23: "The app settings continue to work, but the site properties will take
 * precedence"
 */
export const settingOverruled: Check = {
  id: 'D4',
  link: 'network',
  confidence: 'verdict',
  title: 'WEBSITE_PULL_IMAGE_OVER_VNET and vnetImagePullEnabled disagree',
  why: 'The property goes before the app setting as soon as somebody has written it, as Terraform does. Azure shows false also where nobody has, so that nobody sees by which of the two the site goes.',
  frequency: 'occasional',
  seenAs: [...networkRefusals, overVnet, overVnetFailed],
  judge: (view) => {
    const { network, appSettings } = view.site;
    const setting = appSettings.known ? appSettings.value.pullImageOverVnet : undefined;
    if (!view.azureImage || !network.virtualNetworkSubnetId) return skip('does not apply');
    if (setting === undefined || network.vnetImagePullEnabled === null)
      return skip('only one of them is there');
    if (setting === network.vnetImagePullEnabled) return skip('they agree');
    return warn(
      setting
        ? 'the setting sends pulls through the virtual network, and the property may send them over the internet'
        : 'the property sends pulls through the virtual network, though the setting says otherwise',
      ...routeEvidence(view),
      {
        property: 'WEBSITE_PULL_IMAGE_OVER_VNET',
        value: String(setting),
        resource: `${view.site.id}/config/appsettings`,
      },
    );
  },
  remedies: [preferProperty],
  docs: pullOverVnet,
};
